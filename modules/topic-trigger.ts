import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { DeadLetterQueue } from "./dead-letter-queue";
import type { EncryptedTopic } from "./encrypted-topic";
import type { DeployedFunction } from "./function-basics";

/** Props of {@link TopicTrigger}. */
export interface TopicTriggerProps {
  /** The topic whose messages start the function. @default none */
  readonly topic: EncryptedTopic;
  /** The function to start. @default none */
  readonly target: DeployedFunction;
  /** Where SNS puts messages it could not hand to Lambda. @default none */
  readonly deadLetterQueue: DeadLetterQueue;
}

/** Starts a function for every message of a topic; delivery is never raw, which would drop the trace (SNS-1). */
export class TopicTrigger extends Construct {
  constructor(scope: Construct, id: string, props: TopicTriggerProps) {
    super(scope, id);
    const permission = new LambdaPermission(this, "permission", {
      statementId: "AllowTopic",
      action: "lambda:InvokeFunction",
      functionName: props.target.arn,
      principal: "sns.amazonaws.com",
      sourceArn: props.topic.arn,
    });
    props.deadLetterQueue.acceptFromTopic(props.topic.arn);
    new SnsTopicSubscription(this, "subscription", {
      topicArn: props.topic.arn,
      protocol: "lambda",
      endpoint: props.target.arn,
      rawMessageDelivery: false,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: props.deadLetterQueue.arn }),
      dependsOn: [permission],
    });
  }
}
