import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { Construct } from "constructs";
import { TRACE_ARCHIVE } from "../contract/trace-archive";
import { encryptedTransportDocument } from "../policies/iam/encrypted-transport";
import { requireInteger, requireText } from "./construct-error";

/** Props of {@link TraceArchive}. */
export interface TraceArchiveProps {
  /** Name of the bucket, unique in all of AWS. @default none */
  readonly bucketName: string;
  /** Days an archived trace is kept, 1 to 3650. @default 365 */
  readonly retentionDays?: number;
  /** ARN of a customer-managed key. @default S3's own keys (AES256) */
  readonly keyArn?: string;
}

/** Days after which S3 drops parts of an upload that was never finished. */
const ABANDONED_DAYS = 1;

/** A private, encrypted bucket for `tracewright traces archive` that forgets every object after a year (DOC-6). */
export class TraceArchive extends Construct {
  /** Name of the bucket. */
  readonly bucketName: string;

  constructor(scope: Construct, id: string, props: TraceArchiveProps) {
    super(scope, id);
    const { bucketName, keyArn, retentionDays = TRACE_ARCHIVE.retentionDays } = props;
    requireText(
      this,
      "bucketName",
      bucketName,
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      "3 to 63 lower-case letters, digits and hyphens",
    );
    requireInteger(this, "retentionDays", retentionDays, 1, 3650);
    const bucket = new S3Bucket(this, "bucket", { bucket: bucketName });
    new S3BucketPublicAccessBlock(this, "private", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "owner", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault:
            keyArn === undefined
              ? { sseAlgorithm: "AES256" }
              : { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: keyArn !== undefined,
        },
      ],
    });
    new S3BucketLifecycleConfiguration(this, "retention", {
      bucket: bucket.id,
      rule: [
        {
          id: "forget-traces",
          status: "Enabled",
          filter: [{ tag: [TRACE_ARCHIVE.tag] }],
          expiration: [{ days: retentionDays }],
        },
        {
          id: "drop-unfinished-uploads",
          status: "Enabled",
          filter: [{ prefix: TRACE_ARCHIVE.prefix }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABANDONED_DAYS }],
        },
      ],
    });
    new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: JSON.stringify(encryptedTransportDocument(bucket.arn)),
    });
    this.bucketName = bucketName;
  }
}
