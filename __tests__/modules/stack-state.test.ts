import { type App, TerraformStack, Testing } from "cdktf";
import { keepState, type RemoteState } from "../../modules/stack-state";
import { object } from "./parts";

function terraformOf(remote: RemoteState | undefined) {
  const app: App = Testing.app();
  const stack = new TerraformStack(app, "mine");
  keepState(stack, "preprod", remote);
  stack.prepareStack();
  return object(JSON.parse(JSON.stringify(stack.toTerraform()))["terraform"]);
}

const BUCKET = { bucket: "our-state", region: "eu-central-1" };

test("without a bucket the state is a file beside the project, for Terraform 1.5", () => {
  expect(terraformOf(undefined)).toEqual({
    backend: { local: { path: "../../../terraform.preprod.tfstate" } },
    required_version: ">= 1.5.0",
  });
});

test("with a bucket it is encrypted and locked there, for the Terraform that can", () => {
  expect(terraformOf(BUCKET)).toEqual({
    backend: {
      s3: {
        ...{ bucket: "our-state", region: "eu-central-1" },
        ...{ key: "sentiment/preprod.tfstate", encrypt: true, use_lockfile: true },
      },
    },
    required_version: ">= 1.10.0",
  });
});

test("a customer key encrypts it instead of S3's own", () => {
  const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/1234";
  expect(object(object(terraformOf({ ...BUCKET, kmsKeyArn })["backend"])["s3"])).toMatchObject({
    kms_key_id: kmsKeyArn,
  });
});
