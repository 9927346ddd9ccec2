import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Lazy, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { topicDocument } from "../policies/iam/resource-policies";
import type { Account } from "./account";

/** Props of {@link EncryptedTopic}. */
export interface EncryptedTopicProps {
  /** Name of the topic. @default none: it is part of the topic's ARN */
  readonly topicName: string;
  /** Account the topic belongs to. @default none */
  readonly account: Account;
  /** Customer key; it must admit every service in `services`. @default none: the AWS-managed key refuses CloudWatch */
  readonly keyArn: string;
  /** AWS services that may publish, without domain. @default [] */
  readonly services?: readonly string[];
  /** Whether SNS records its own segment and hands the trace on. @default false, as for topics that only page */
  readonly traced?: boolean;
  /** Provider of the topic's region. @default the stack's provider */
  readonly provider?: TerraformProvider;
}

/** An SNS topic under a customer key; only named services and roles may publish. */
export class EncryptedTopic extends Construct {
  /** ARN of the topic. */
  readonly arn: string;
  private readonly publishers: string[] = [];
  private readonly place: { readonly provider?: TerraformProvider };

  constructor(scope: Construct, id: string, props: EncryptedTopicProps) {
    super(scope, id);
    this.place = props.provider === undefined ? {} : { provider: props.provider };
    const topic = new SnsTopic(this, "topic", {
      ...this.place,
      name: props.topicName,
      kmsMasterKeyId: props.keyArn,
      tracingConfig: props.traced === true ? "Active" : "PassThrough",
    });
    this.arn = topic.arn;
    new SnsTopicPolicy(this, "policy", {
      ...this.place,
      arn: topic.arn,
      // Lazy: the roles that publish are created after the topic, whose ARN they need.
      policy: Lazy.stringValue({
        produce: () =>
          JSON.stringify(topicDocument(props.account, topic.arn, props.services ?? [], this.publishers)),
      }),
    });
  }

  /** Lets a role publish. */
  allowPublish(roleArn: string): void {
    this.publishers.push(roleArn);
  }

  /** Sends every message to an address, which must confirm it once. */
  subscribeEmail(id: string, address: string): void {
    this.subscribe(id, "email", address);
  }

  /** Posts every message to an https URL, which must confirm it once. */
  subscribeWebhook(id: string, url: string): void {
    this.subscribe(id, "https", url);
  }

  private subscribe(id: string, protocol: "email" | "https", endpoint: string): void {
    new SnsTopicSubscription(this, id, { ...this.place, topicArn: this.arn, protocol, endpoint });
  }
}
