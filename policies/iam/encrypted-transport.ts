import { type PolicyDocument, policyDocument } from "./document";

/** Refuses every request to a bucket that is not encrypted on its way. @param bucketArn may be a Terraform reference */
export function encryptedTransportDocument(bucketArn: string): PolicyDocument {
  return policyDocument([
    {
      Sid: "RefuseUnencryptedTransport",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:*"],
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}
