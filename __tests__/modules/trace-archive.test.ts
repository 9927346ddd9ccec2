import { Testing } from "cdktf";
import { TRACE_ARCHIVE } from "../../contract/trace-archive";
import { TraceArchive, type TraceArchiveProps } from "../../modules/trace-archive";
import type { TerraformModel } from "../../policies/terraform/model";
import { fromSynthesized } from "../../policies/terraform/synthesized";
import { ownStack } from "./own-stack";
import { every, object, only, statements } from "./parts";

function archive(change: Partial<TraceArchiveProps> = {}): TerraformModel {
  const stack = ownStack();
  new TraceArchive(stack, "archive", { bucketName: "acme-traces", ...change });
  return fromSynthesized(JSON.parse(Testing.synth(stack)));
}

const one = (terraform: TerraformModel, type: string) => only(every(terraform, type)).values;

describe("DOC-6 the bucket of a trace archive", () => {
  test("DOC-6 deletes every archived object after a year, and uploads that were never finished after a day", () => {
    expect(one(archive(), "aws_s3_bucket_lifecycle_configuration")["rule"]).toMatchObject([
      { status: "Enabled", filter: [{ tag: [TRACE_ARCHIVE.tag] }], expiration: [{ days: 365 }] },
      { status: "Enabled", abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }] },
    ]);
    const shorter = one(archive({ retentionDays: 30 }), "aws_s3_bucket_lifecycle_configuration");
    expect(shorter["rule"]).toMatchObject([{ expiration: [{ days: 30 }] }, {}]);
  });

  test("DOC-6 is private, encrypted at rest and on the way, and belongs to its account", () => {
    const terraform = archive();
    expect(one(terraform, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(one(terraform, "aws_s3_bucket_ownership_controls")["rule"]).toMatchObject({
      object_ownership: "BucketOwnerEnforced",
    });
    const algorithm = (values: unknown) =>
      object(only(object(values)["rule"] as unknown[]))["apply_server_side_encryption_by_default"];
    const type = "aws_s3_bucket_server_side_encryption_configuration";
    expect(algorithm(one(terraform, type))).toMatchObject({ sse_algorithm: "AES256" });
    const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/1";
    expect(algorithm(one(archive({ keyArn }), type))).toMatchObject({
      sse_algorithm: "aws:kms",
      kms_master_key_id: keyArn,
    });
    expect(statements(one(terraform, "aws_s3_bucket_policy")["policy"])).toMatchObject([
      { Effect: "Deny", Action: ["s3:*"], Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });

  test.each<[string, Partial<TraceArchiveProps>]>([
    ["bucketName", { bucketName: "Acme_Traces" }],
    ["bucketName", { bucketName: "a" }],
    ["retentionDays", { retentionDays: 0 }],
    ["retentionDays", { retentionDays: 1.5 }],
  ])("refuses an impossible %s and names its path", (prop, change) => {
    expect(() => archive(change)).toThrow(new RegExp(`mine/archive: found ${prop} = `));
  });
});
