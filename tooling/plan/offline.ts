import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Answers to the stack's Terraform variables that let it plan without an AWS account. */
export const EXAMPLE_VARIABLES = {
  account_id: "123456789012",
  alert_email: "operators@example.com",
  alert_webhook_url: "https://alerts.example.com/hook",
  deployment_version: "offline-plan",
  // Valid in form and plainly nobody's image.
  sse_image_uri: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/offline-plan@sha256:${"0".repeat(64)}`,
  dashboard_url: "https://dashboard.example.com",
  mail_from: "alerts@example.com",
} as const;

/** Provider settings that let the real provider plan without an account. */
export const NO_ACCOUNT = {
  access_key: "offline",
  secret_key: "offline",
  skip_credentials_validation: true,
  skip_metadata_api_check: true,
  skip_region_validation: true,
  skip_requesting_account_id: true,
};

/**
 * Laid over the synthesized file: real provider and schema, no account. Terraform merges it into each provider block by
 * its alias. The files of the stack stay untouched, so that no test key can reach a real deployment.
 */
function overrideOf(stack: string): unknown {
  const { provider } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as {
    readonly provider: { readonly aws: readonly { readonly alias?: string }[] };
  };
  const aws = provider.aws.map(({ alias }) => (alias === undefined ? NO_ACCOUNT : { alias, ...NO_ACCOUNT }));
  return { terraform: { backend: { local: {} } }, provider: { aws } };
}

const KEPT = [".terraform", ".terraform.lock.hcl"];

/**
 * Copies a synthesized stack to a directory of its own and adds the override and variable files.
 *
 * @param stack directory of `cdk.tf.json`
 * @param target directory to plan in; a previous `terraform init` there is kept
 * @throws Error when the stack was not synthesized
 */
export function prepareOffline(stack: string, target: string): void {
  if (!existsSync(join(stack, "cdk.tf.json"))) {
    throw new Error(`${stack} holds no cdk.tf.json. Next step: npm run synth.`);
  }
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(target)) {
    if (!KEPT.includes(entry)) rmSync(join(target, entry), { recursive: true });
  }
  cpSync(stack, target, { recursive: true, filter: (source) => !KEPT.some((kept) => source.endsWith(kept)) });
  writeFileSync(join(target, "offline_override.tf.json"), JSON.stringify(overrideOf(stack), undefined, 2));
  writeFileSync(join(target, "example.auto.tfvars.json"), JSON.stringify(EXAMPLE_VARIABLES, undefined, 2));
}
