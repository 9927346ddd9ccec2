import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { type Account, arnOf } from "./account";
import { requireInteger } from "./construct-error";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { DeployedFunction } from "./function-basics";

/** Props of {@link Schedule}. */
export interface ScheduleProps {
  /** Account the rule belongs to; its ARN is needed before the rule exists. @default none */
  readonly account: Account;
  /** The function to start. @default none */
  readonly target: DeployedFunction;
  /** Seconds between two starts, a multiple of 60. @default none: alarms' periods follow it */
  readonly everySeconds: number;
  /** Where EventBridge puts events it could not deliver. @default none */
  readonly deadLetterQueue: DeadLetterQueue;
}

/** EventBridge waits this long for a delivery before it gives up, in seconds: within one run of most schedules. */
const MAXIMUM_EVENT_AGE_SECONDS = 300;

/** Starts a function at a fixed rate; the permission exists before the rule does. */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const minutes = props.everySeconds / 60;
    requireInteger(this, "everySeconds / 60", minutes, 1, 60 * 24);
    const ruleName = props.target.functionName;
    const ruleArn = arnOf(props.account, "events", `rule/${ruleName}`);
    const permission = new LambdaPermission(this, "permission", {
      statementId: "AllowSchedule",
      action: "lambda:InvokeFunction",
      functionName: props.target.arn,
      principal: "events.amazonaws.com",
      sourceArn: ruleArn,
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      name: ruleName,
      description: `Starts ${props.target.functionName}`,
      scheduleExpression: `rate(${minutes} minute${minutes === 1 ? "" : "s"})`,
      dependsOn: [permission],
    });
    props.deadLetterQueue.acceptFromRule(ruleArn);
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      arn: props.target.arn,
      retryPolicy: { maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE_SECONDS, maximumRetryAttempts: 2 },
      deadLetterConfig: { arn: props.deadLetterQueue.arn },
    });
  }
}
