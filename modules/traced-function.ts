import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { AGEING } from "../contract/ageing";
import { FIXED_VARIABLES } from "../contract/environment-variables";
import { ASYNC_RETRIES } from "../contract/messaging";
import { ConstructError } from "./construct-error";
import type { DeadLetterQueue } from "./dead-letter-queue";
import { type DeployedFunction, type FunctionBasicsProps, functionBasics } from "./function-basics";

/** A zip to deploy. */
export interface FunctionCode {
  /** Absolute, or relative to `cdktf.json`. */
  readonly zipPath: string;
  /** SHA-256 of the zip, base64. */
  readonly sha256: string;
}

/** Who learns of a failed invocation: the caller, a queue, or nobody, because the next run does the same work anew. */
export type FailureHandling =
  | { readonly kind: "caller-sees-it" }
  | { readonly kind: "dead-letter-queue"; readonly queue: DeadLetterQueue }
  | {
      readonly kind: "next-run";
      /** Seconds from one run to the next, 60 to 21600; no event waits longer for its turn. */
      readonly everySeconds: number;
    };

/** Props of {@link TracedFunction}. */
export interface TracedFunctionProps extends FunctionBasicsProps {
  /** The bundle, whose `index.js` exports `handler`. @default none */
  readonly code: FunctionCode;
  /** Who learns of failures. @default none: an asynchronous function without a queue loses events */
  readonly failures: FailureHandling;
}

/**
 * A Lambda function whose traces arrive: Active tracing, a role of its own built from use with the X-Ray policy
 * attached before the first invocation, JSON logs with retention, and a decision on events it cannot process.
 *
 * @throws ConstructError when there is no zip, or a prop is out of bounds
 */
export class TracedFunction extends Construct implements DeployedFunction {
  readonly arn: string;
  readonly invokeArn: string;
  readonly functionName: string;
  readonly roleArn: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: TracedFunctionProps) {
    super(scope, id);
    const { failures } = props;
    const queue = failures.kind === "dead-letter-queue" ? failures.queue : undefined;
    const basics = functionBasics(this, props, queue?.arn);
    const asset = zipAsset(this, props.code.zipPath);
    const fn = new LambdaFunction(this, "function", {
      ...basics.config,
      runtime: AGEING.lambdaRuntime.value,
      handler: "index.handler",
      filename: asset.path,
      sourceCodeHash: props.code.sha256,
      environment: { variables: { ...FIXED_VARIABLES, ...basics.variables } },
      ...(queue === undefined ? {} : { deadLetterConfig: { targetArn: queue.arn } }),
    });
    if (failures.kind !== "caller-sees-it") {
      new LambdaFunctionEventInvokeConfig(this, "retries", {
        functionName: fn.functionName,
        ...(failures.kind === "next-run"
          ? { maximumRetryAttempts: 0, maximumEventAgeInSeconds: failures.everySeconds }
          : { maximumRetryAttempts: ASYNC_RETRIES }),
      });
    }
    this.arn = fn.arn;
    this.invokeArn = fn.invokeArn;
    this.functionName = props.functionName;
    this.roleArn = basics.roleArn;
    this.logGroupName = basics.logGroupName;
  }
}

/** The zip as an asset; what is wrong with its path would otherwise come as a stack trace. */
function zipAsset(scope: Construct, path: string): TerraformAsset {
  try {
    return new TerraformAsset(scope, "code", { path, type: AssetType.FILE });
  } catch (error) {
    // The other complaint is about a folder.
    const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new ConstructError(scope, {
      found: `code.zipPath = ${JSON.stringify(path)}, which is ${absent ? "not there" : "no file"}`,
      expected: "the zip of the function",
      nextStep: "build it first, or correct code.zipPath",
    });
  }
}
