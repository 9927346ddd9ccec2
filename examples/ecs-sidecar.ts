import { join } from "node:path";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { AGEING } from "../contract/ageing";
import { readLock } from "../doctor/pins/lock";
import { DaemonSidecar, type PinnedImage } from "../modules/daemon-sidecar";
import type { SidecarVariant } from "../modules/daemon-sidecar-container";
import { GuardRails } from "../modules/guard-rails";
import { XrayAccess } from "../modules/xray-access";
import { TASK_TRUST } from "../policies/iam/task-log";

const REGION = "eu-west-1";
const LOCK = join("containers", "sse", "pins.lock.json");
const PINS: Readonly<Record<SidecarVariant, string>> = { daemon: "xray-daemon", collector: "ecs-collector" };

/** The pinned image of a sidecar; SIDECAR_DIGEST stands in for a digest nobody has looked up yet. */
function pinnedImage(variant: SidecarVariant): PinnedImage {
  const pin = readLock(LOCK).pins.find(({ name }) => name === PINS[variant]);
  if (pin?.kind !== "image")
    throw new Error(`${LOCK}: found no image ${PINS[variant]}. Next step: restore it.`);
  return { ...pin, digest: process.env["SIDECAR_DIGEST"] ?? pin.digest };
}

/** A shop's checkout on Fargate, traced through a sidecar. */
function checkout(app: App, variant: SidecarVariant): TerraformStack {
  const name = `checkout-${variant}`;
  const stack = new TerraformStack(app, name);
  stack.addOverride("terraform.required_version", AGEING.terraform.value);
  stack.addOverride("terraform.required_providers.aws.version", AGEING.awsProvider.value);
  new AwsProvider(stack, "aws", { region: REGION });
  const role = (id: string): IamRole =>
    new IamRole(stack, id, { name: `${name}-${id}`, assumeRolePolicy: JSON.stringify(TASK_TRUST) });
  const [taskRole, executionRole] = [role("task"), role("execution")];
  const task = new EcsTaskDefinition(stack, "definition", {
    family: name,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "512",
    memory: "1024",
    taskRoleArn: taskRole.arn,
    executionRoleArn: executionRole.arn,
    containerDefinitions: JSON.stringify([
      {
        name: "checkout",
        image: `public.ecr.aws/docker/library/node@sha256:${"0".repeat(64)}`,
        cpu: 256,
        memory: 512,
        essential: true,
        portMappings: [{ containerPort: 8080, protocol: "tcp" }],
        environment: [{ name: "PORT", value: "8080" }],
      },
    ]),
  });
  new DaemonSidecar(stack, "tracing", {
    variant,
    task,
    application: "checkout",
    taskRole,
    executionRole,
    xrayAccess: new XrayAccess(stack, "xray", { policyName: `${name}-xray` }),
    image: pinnedImage(variant),
    region: REGION,
    logRetentionDays: 30,
  });
  return stack;
}

try {
  const app = new App();
  const guardRails = new GuardRails();
  for (const variant of ["daemon", "collector"] as const) guardRails.protect(checkout(app, variant));
  app.synth();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
