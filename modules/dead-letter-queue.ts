import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { queueDocument } from "../policies/iam/resource-policies";

/** Props of {@link DeadLetterQueue}. */
export interface DeadLetterQueueProps {
  /** Name of the queue. @default none */
  readonly queueName: string;
  /** How long messages wait for somebody to read them, in seconds; at most 1 209 600 (14 days). @default none */
  readonly keepSeconds: number;
}

/** The queue for events nobody could process, encrypted by SQS; alarmed as soon as it holds one message. */
export class DeadLetterQueue extends Construct {
  /** ARN of the queue. */
  readonly arn: string;
  private readonly topics: string[] = [];
  private readonly rules: string[] = [];

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    const queue = new SqsQueue(this, "queue", {
      name: props.queueName,
      messageRetentionSeconds: props.keepSeconds,
      sqsManagedSseEnabled: true,
    });
    this.arn = queue.arn;
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      // Lazy: rules and subscriptions that send here are created after the queue.
      policy: Lazy.stringValue({
        produce: () =>
          JSON.stringify(
            queueDocument(queue.arn, [
              { service: "sns", arns: this.topics },
              { service: "events", arns: this.rules },
            ]),
          ),
      }),
    });
  }

  /** Lets SNS put messages of a topic here that it could not deliver. */
  acceptFromTopic(topicArn: string): void {
    this.topics.push(topicArn);
  }

  /** Lets EventBridge put events of a rule here that it could not deliver. */
  acceptFromRule(ruleArn: string): void {
    this.rules.push(ruleArn);
  }
}
