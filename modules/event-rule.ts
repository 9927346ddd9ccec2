import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { type Account, arnOf } from "./account";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { DeployedFunction } from "./function-basics";

/** Props of {@link EventRule}. */
export interface EventRuleProps {
  /** Account the rule belongs to; its ARN is needed before the rule exists. @default none */
  readonly account: Account;
  /** The function to start. @default none */
  readonly target: DeployedFunction;
  /** Name of the rule. @default none */
  readonly ruleName: string;
  /** Id of the statement that lets the rule start the function. @default none */
  readonly statementId: string;
  /** When it starts the function: at a rate, or on events that match a pattern. @default none */
  readonly when: { readonly scheduleExpression: string } | { readonly eventPattern: string };
  /** Where EventBridge puts events it could not deliver. @default none */
  readonly deadLetterQueue: DeadLetterQueue;
}

/** EventBridge waits this long for a delivery before it gives up, in seconds: within one run of most schedules. */
const MAXIMUM_EVENT_AGE_SECONDS = 300;

/** Starts a function; the permission exists before the rule does. */
export class EventRule extends Construct {
  constructor(scope: Construct, id: string, props: EventRuleProps) {
    super(scope, id);
    const ruleArn = arnOf(props.account, "events", `rule/${props.ruleName}`);
    const permission = new LambdaPermission(this, "permission", {
      statementId: props.statementId,
      action: "lambda:InvokeFunction",
      functionName: props.target.arn,
      principal: "events.amazonaws.com",
      sourceArn: ruleArn,
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      name: props.ruleName,
      description: `Starts ${props.target.functionName}`,
      ...props.when,
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
