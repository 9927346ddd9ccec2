import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import { AGEING } from "../contract/ageing";
import { type Environment, PRODUCT } from "../contract/names";

/** A bucket that keeps Terraform's state for everybody who deploys. */
export interface RemoteState {
  /** Name of the bucket, which exists and has versioning on. */
  readonly bucket: string;
  /** Region of the bucket. */
  readonly region: string;
  /** Customer key to encrypt the state with; S3's own when absent. */
  readonly kmsKeyArn?: string | undefined;
}

/** `use_lockfile`, which locks by a conditional write beside the state, came with this version of Terraform. */
const LOCKS_IN_BUCKET = ">= 1.10.0";

/**
 * Says which Terraform a stack needs and where its state lives: in a file beside the project, or in a bucket under a
 * lock, so that two deployments cannot overwrite each other.
 *
 * @param remote the bucket; without it the state is a local file
 */
export function keepState(
  stack: TerraformStack,
  environment: Environment,
  remote: RemoteState | undefined,
): void {
  if (remote === undefined) {
    stack.addOverride("terraform.required_version", AGEING.terraform.value);
    // Relative to the stack's directory: the default is absolute and would differ from machine to machine.
    new LocalBackend(stack, { path: `../../../terraform.${environment}.tfstate` });
    return;
  }
  stack.addOverride("terraform.required_version", LOCKS_IN_BUCKET);
  new S3Backend(stack, {
    bucket: remote.bucket,
    key: `${PRODUCT}/${environment}.tfstate`,
    region: remote.region,
    encrypt: true,
    ...(remote.kmsKeyArn === undefined ? {} : { kmsKeyId: remote.kmsKeyArn }),
  });
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
