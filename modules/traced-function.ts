import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { AGEING } from "../contract/ageing";
import { FIXED_VARIABLES } from "../contract/environment-variables";
import { ASYNC_RETRIES } from "../contract/messaging";
import { LAMBDA_TRUST } from "../policies/iam/document";
import { type FunctionGrants, functionDocument } from "../policies/iam/function-access";
import { requireInteger, requireText } from "./construct-error";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { XrayAccess } from "./xray-access";

/** A zip to deploy. */
export interface FunctionCode {
  readonly zipPath: string;
  /** SHA-256 of the zip, base64. */
  readonly sha256: string;
}

/** Who learns of a failed invocation: the caller, or a queue. */
export type FailureHandling =
  | { readonly kind: "caller-sees-it" }
  | { readonly kind: "dead-letter-queue"; readonly queue: DeadLetterQueue };

/** Props of {@link TracedFunction}. */
export interface TracedFunctionProps {
  /** Name of the Lambda function, 1 to 64 letters, digits, `-` and `_`. @default none */
  readonly functionName: string;
  /** OpenTelemetry service name, shown on the trace map. @default none: an unnamed service cannot be found */
  readonly serviceName: string;
  /** One sentence for the console. @default none */
  readonly description: string;
  /** The bundle, whose `index.js` exports `handler`. @default none */
  readonly code: FunctionCode;
  /** Seconds, 1 to 900. @default none: latency alarms are fractions of it */
  readonly timeoutSeconds: number;
  /** MB, 128 to 10240. @default none: memory alarms are fractions of it */
  readonly memoryMb: number;
  /** Executions that may run at once, 0 to 1000. @default none: unbounded concurrency is unbounded cost */
  readonly reservedConcurrency: number;
  /** What the code reads from its environment, beyond what tracing needs. @default none */
  readonly variables: Readonly<Record<string, string>>;
  /** What the code uses; the role is built from it. @default none */
  readonly grants: Omit<FunctionGrants, "logGroupArn" | "deadLetterQueueArn">;
  /** The X-Ray policy to attach. @default none */
  readonly xrayAccess: XrayAccess;
  /** Days, one of CloudWatch Logs' values. @default none: keeping logs for ever bills for ever */
  readonly logRetentionDays: number;
  /** What is deployed, usually a commit; becomes `DEPLOYMENT_VERSION` and the `deploy-sha` tag (DEP-5). @default none */
  readonly deploymentVersion: string;
  /** Who learns of failures. @default none: an asynchronous function without a queue loses events */
  readonly failures: FailureHandling;
}

/**
 * A Lambda function whose traces arrive: Active tracing, a role of its own built from use with the X-Ray policy
 * attached before the first invocation, JSON logs with retention, and a place for events it cannot process.
 */
export class TracedFunction extends Construct {
  /** ARN of the function. */
  readonly arn: string;
  /** Name of the function. */
  readonly functionName: string;
  /** ARN of its role. */
  readonly roleArn: string;
  /** Reference to the name of its log group. */
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: TracedFunctionProps) {
    super(scope, id);
    requireText(this, "functionName", props.functionName, /^[\w-]{1,64}$/, "1 to 64 letters, digits, - or _");
    requireText(this, "serviceName", props.serviceName, /^\S{1,200}$/, "a name without spaces");
    requireInteger(this, "timeoutSeconds", props.timeoutSeconds, 1, 900);
    requireInteger(this, "memoryMb", props.memoryMb, 128, 10_240);
    requireInteger(this, "reservedConcurrency", props.reservedConcurrency, 0, 1000);
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: `/aws/lambda/${props.functionName}`,
      retentionInDays: props.logRetentionDays,
    });
    const queue = props.failures.kind === "dead-letter-queue" ? props.failures.queue : undefined;
    const role = new IamRole(this, "role", {
      name: props.functionName,
      assumeRolePolicy: JSON.stringify(LAMBDA_TRUST),
    });
    const attachments = this.attachPolicies(props, role, logGroup.arn, queue?.arn);
    const asset = new TerraformAsset(this, "code", { path: props.code.zipPath, type: AssetType.FILE });
    const fn = new LambdaFunction(this, "function", {
      functionName: props.functionName,
      description: props.description,
      role: role.arn,
      runtime: AGEING.lambdaRuntime.value,
      architectures: [AGEING.lambdaArchitecture.value],
      handler: "index.handler",
      filename: asset.path,
      sourceCodeHash: props.code.sha256,
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMb,
      reservedConcurrentExecutions: props.reservedConcurrency,
      tracingConfig: { mode: "Active" },
      // INFO is the level at which Lambda writes platform.report, from which memory is measured.
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
        logGroup: logGroup.name,
      },
      environment: {
        variables: {
          ...FIXED_VARIABLES,
          POWERTOOLS_SERVICE_NAME: props.serviceName,
          DEPLOYMENT_VERSION: props.deploymentVersion,
          ...props.variables,
        },
      },
      ...(queue === undefined ? {} : { deadLetterConfig: { targetArn: queue.arn } }),
      tags: { "deploy-sha": props.deploymentVersion },
      dependsOn: attachments,
    });
    if (queue !== undefined) {
      new LambdaFunctionEventInvokeConfig(this, "retries", {
        functionName: fn.functionName,
        maximumRetryAttempts: ASYNC_RETRIES,
      });
    }
    this.arn = fn.arn;
    this.functionName = props.functionName;
    this.roleArn = role.arn;
    this.logGroupName = logGroup.name;
  }

  private attachPolicies(
    props: TracedFunctionProps,
    role: IamRole,
    logGroupArn: string,
    deadLetterQueueArn: string | undefined,
  ): IamRolePolicyAttachment[] {
    const access = new IamPolicy(this, "access", {
      name: props.functionName,
      description: `What ${props.functionName} uses`,
      policy: JSON.stringify(functionDocument({ ...props.grants, logGroupArn, deadLetterQueueArn })),
    });
    return [
      new IamRolePolicyAttachment(this, "access-attachment", { role: role.name, policyArn: access.arn }),
      new IamRolePolicyAttachment(this, "xray-attachment", {
        role: role.name,
        policyArn: props.xrayAccess.policyArn,
      }),
    ];
  }
}
