import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { Account } from "./account";
import type { AlarmRegion } from "./alarm-catalogue";
import { CustomerKey } from "./customer-key";
import { EncryptedTopic } from "./encrypted-topic";

/** Props of {@link PagingRegion}. */
export interface PagingRegionProps {
  /** Name of the topic and alias of its key. @default none */
  readonly topicName: string;
  /** Account of the stack, in the region paged from. @default none */
  readonly account: Account;
  /** Provider of that region. @default none */
  readonly provider: AwsProvider;
  /** Where messages are mailed. @default none */
  readonly alertEmail: string;
  /** Https URL that messages are posted to as well. @default e-mail only */
  readonly webhookUrl?: string;
}

/** A key and a topic in another region, because an alarm there cannot page a topic here. */
export class PagingRegion extends Construct implements AlarmRegion {
  readonly provider: AwsProvider;
  readonly region: string;
  readonly topic: EncryptedTopic;
  /** ARN of the key that encrypts the topic. */
  readonly keyArn: string;
  readonly topicArns: readonly string[];

  constructor(scope: Construct, id: string, props: PagingRegionProps) {
    super(scope, id);
    const { account, provider } = props;
    this.provider = provider;
    this.region = account.region;
    const key = new CustomerKey(this, "key", {
      alias: props.topicName,
      account,
      services: ["cloudwatch", "sns"],
      provider,
    });
    this.keyArn = key.arn;
    this.topic = new EncryptedTopic(this, "topic", {
      topicName: props.topicName,
      account,
      keyArn: key.arn,
      services: ["cloudwatch"],
      provider,
    });
    this.topic.subscribeEmail("email", props.alertEmail);
    if (props.webhookUrl !== undefined) this.topic.subscribeWebhook("webhook", props.webhookUrl);
    this.topicArns = [this.topic.arn];
  }
}
