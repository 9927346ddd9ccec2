import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { LambdaFunctionConfig } from "@cdktf/provider-aws/lib/lambda-function";
import type { Construct } from "constructs";
import { AGEING } from "../contract/ageing";
import { DEPLOYMENT_TAG } from "../contract/deployment";
import { LAMBDA_TRUST } from "../policies/iam/document";
import { type FunctionGrants, functionDocument } from "../policies/iam/function-access";
import { requireInteger, requireText } from "./construct-error";
import type { XrayAccess } from "./xray-access";

/** What every traced function is told, whatever its code ships in. */
export interface FunctionBasicsProps {
  /** Name of the Lambda function, 1 to 64 letters, digits, `-` and `_`. @default none */
  readonly functionName: string;
  /** OpenTelemetry service name, shown on the trace map. @default none: an unnamed service cannot be found */
  readonly serviceName: string;
  /** One sentence for the console. @default none */
  readonly description: string;
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
  /** What is deployed, usually a commit; becomes `DEPLOYMENT_VERSION` and the tag (DEP-5). @default none */
  readonly deploymentVersion: string;
}

/** What others need to know of a function. */
export interface DeployedFunction {
  /** ARN of the function. */
  readonly arn: string;
  /** ARN by which API Gateway invokes the function. */
  readonly invokeArn: string;
  /** Name of the function. */
  readonly functionName: string;
  /** ARN of its role. */
  readonly roleArn: string;
  /** Reference to the name of its log group. */
  readonly logGroupName: string;
}

/** The part of a function that does not depend on how its code ships. */
export interface FunctionBasics {
  readonly config: Omit<LambdaFunctionConfig, "environment">;
  readonly variables: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly logGroupName: string;
}

/**
 * Makes the log group and the role of a function, below the function's own construct.
 *
 * @param deadLetterQueueArn where Lambda puts events the function could not process, if anywhere
 * @throws ConstructError on a name, a timeout, a memory or a concurrency that Lambda would refuse
 */
export function functionBasics(
  scope: Construct,
  props: FunctionBasicsProps,
  deadLetterQueueArn?: string,
): FunctionBasics {
  requireText(scope, "functionName", props.functionName, /^[\w-]{1,64}$/, "1 to 64 letters, digits, - or _");
  requireText(scope, "serviceName", props.serviceName, /^\S{1,200}$/, "a name without spaces");
  requireInteger(scope, "timeoutSeconds", props.timeoutSeconds, 1, 900);
  requireInteger(scope, "memoryMb", props.memoryMb, 128, 10_240);
  requireInteger(scope, "reservedConcurrency", props.reservedConcurrency, 0, 1000);
  const logGroup = new CloudwatchLogGroup(scope, "log-group", {
    name: `/aws/lambda/${props.functionName}`,
    retentionInDays: props.logRetentionDays,
  });
  const role = new IamRole(scope, "role", {
    name: props.functionName,
    assumeRolePolicy: JSON.stringify(LAMBDA_TRUST),
  });
  const access = new IamPolicy(scope, "access", {
    name: props.functionName,
    description: `What ${props.functionName} uses`,
    policy: JSON.stringify(
      functionDocument({ ...props.grants, logGroupArn: logGroup.arn, deadLetterQueueArn }),
    ),
  });
  const attach = (id: string, policyArn: string) =>
    new IamRolePolicyAttachment(scope, id, { role: role.name, policyArn });
  return {
    config: {
      functionName: props.functionName,
      description: props.description,
      role: role.arn,
      architectures: [AGEING.lambdaArchitecture.value],
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
      tags: { [DEPLOYMENT_TAG]: props.deploymentVersion },
      dependsOn: [
        attach("access-attachment", access.arn),
        attach("xray-attachment", props.xrayAccess.policyArn),
      ],
    },
    variables: {
      POWERTOOLS_SERVICE_NAME: props.serviceName,
      DEPLOYMENT_VERSION: props.deploymentVersion,
      ...props.variables,
    },
    roleArn: role.arn,
    logGroupName: logGroup.name,
  };
}
