import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { AGEING } from "../contract/ageing";
import { FIXED_VARIABLES } from "../contract/environment-variables";
import type { AsyncDelivery } from "../contract/messaging";
import type { DeadLetterQueue } from "./dead-letter-queue";
import { type DeployedFunction, type FunctionBasicsProps, functionBasics } from "./function-basics";

/** A zip to deploy. */
export interface FunctionCode {
  readonly zipPath: string;
  /** SHA-256 of the zip, base64. */
  readonly sha256: string;
}

/** Who learns of a failed invocation: the caller, or a queue. */
export type FailureHandling =
  | { readonly kind: "caller-sees-it" }
  | { readonly kind: "dead-letter-queue"; readonly queue: DeadLetterQueue; readonly delivery: AsyncDelivery };

/** Props of {@link TracedFunction}. */
export interface TracedFunctionProps extends FunctionBasicsProps {
  /** The bundle, whose `index.js` exports `handler`. @default none */
  readonly code: FunctionCode;
  /** Who learns of failures. @default none: an asynchronous function without a queue loses events */
  readonly failures: FailureHandling;
}

/**
 * A Lambda function whose traces arrive: Active tracing, a role of its own built from use with the X-Ray policy
 * attached before the first invocation, JSON logs with retention, and a place for events it cannot process.
 */
export class TracedFunction extends Construct implements DeployedFunction {
  readonly arn: string;
  readonly invokeArn: string;
  readonly functionName: string;
  readonly roleArn: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: TracedFunctionProps) {
    super(scope, id);
    const asynchronous = props.failures.kind === "dead-letter-queue" ? props.failures : undefined;
    const queueArn = asynchronous?.queue.arn;
    const basics = functionBasics(this, props, queueArn);
    const asset = new TerraformAsset(this, "code", { path: props.code.zipPath, type: AssetType.FILE });
    const fn = new LambdaFunction(this, "function", {
      ...basics.config,
      runtime: AGEING.lambdaRuntime.value,
      handler: "index.handler",
      filename: asset.path,
      sourceCodeHash: props.code.sha256,
      environment: { variables: { ...FIXED_VARIABLES, ...basics.variables } },
      ...(queueArn === undefined ? {} : { deadLetterConfig: { targetArn: queueArn } }),
    });
    if (asynchronous !== undefined) {
      const { retries, maximumAgeSeconds } = asynchronous.delivery;
      new LambdaFunctionEventInvokeConfig(this, "retries", {
        functionName: fn.functionName,
        maximumRetryAttempts: retries,
        ...(maximumAgeSeconds === undefined ? {} : { maximumEventAgeInSeconds: maximumAgeSeconds }),
      });
    }
    this.arn = fn.arn;
    this.invokeArn = fn.invokeArn;
    this.functionName = props.functionName;
    this.roleArn = basics.roleArn;
    this.logGroupName = basics.logGroupName;
  }
}
