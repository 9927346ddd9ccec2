import type { Owner } from "../../contract/names";
import { type PolicyDocument, policyDocument } from "./document";

/** Who may act as guest: unauthenticated identities of exactly this pool (Cognito guide, "Trust policies"). */
export function guestTrust(poolId: string): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: "cognito-identity.amazonaws.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { "cognito-identity.amazonaws.com:aud": poolId },
          "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "unauthenticated" },
        },
      },
    ],
  };
}

/** What a guest may do: put events into one monitor. */
export function rumDocument(owner: Owner & { readonly region: string }, monitorName: string): PolicyDocument {
  const { partition, region, accountId } = owner;
  return policyDocument([
    {
      Sid: "PutEvents",
      Effect: "Allow",
      Action: ["rum:PutRumEvents"],
      Resource: `arn:${partition}:rum:${region}:${accountId}:appmonitor/${monitorName}`,
    },
  ]);
}
