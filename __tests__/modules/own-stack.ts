import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { DeadLetterQueue } from "../../modules/dead-letter-queue";
import { TracedFunction, type TracedFunctionProps } from "../../modules/traced-function";
import { XrayAccess } from "../../modules/xray-access";
import { stubBundles } from "../support/synthesized";

/** A stack somebody else wrote, with nothing of this application in it. */
export function ownStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "mine");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

/** A traced function with sound props, some of them changed. */
export function ownFunction(
  stack: TerraformStack,
  change: Partial<TracedFunctionProps> = {},
): TracedFunction {
  const { zipPath, sha256 } = stubBundles().metrics;
  return new TracedFunction(stack, "fn", {
    functionName: "mine",
    serviceName: "my-service",
    description: "Does my work.",
    code: { zipPath, sha256 },
    timeoutSeconds: 10,
    memoryMb: 128,
    reservedConcurrency: 1,
    variables: { MINE: "1" },
    grants: { tables: [], topicArns: [], secretArns: [], keyArns: [], metricNamespaces: [] },
    xrayAccess: new XrayAccess(stack, "xray", { policyName: "mine-xray" }),
    logRetentionDays: 7,
    deploymentVersion: "abc",
    failures: { kind: "caller-sees-it" },
    ...change,
  });
}

/** A dead-letter queue in a stack. */
export function ownQueue(stack: TerraformStack): DeadLetterQueue {
  return new DeadLetterQueue(stack, "dlq", { queueName: "mine-dlq", keepSeconds: 60 });
}
