import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { type Environment, physicalName } from "../contract/names";
import type { Account } from "./account";
import type { AlarmRegion } from "./alarm-catalogue";
import { CustomerKey } from "./customer-key";
import { EncryptedTopic } from "./encrypted-topic";

/** The only region with AWS/Billing metrics (CloudWatch user guide, "Monitor estimated charges"). */
export const BILLING_REGION = "us-east-1";

/** Props of {@link BillingRegion}. */
export interface BillingRegionProps {
  /** Environment, first part of every name. @default none */
  readonly environment: Environment;
  /** Account of the stack. @default none */
  readonly account: Account;
  /** Where billing alarms are mailed. @default none */
  readonly alertEmail: string;
  /** Tags of everything in the region. @default none */
  readonly tags: Readonly<Record<string, string>>;
}

/** A provider, key and topic in us-east-1, because an alarm there cannot page a topic elsewhere. */
export class BillingRegion extends Construct implements AlarmRegion {
  readonly provider: AwsProvider;
  readonly topicArns: readonly string[];

  constructor(scope: Construct, id: string, props: BillingRegionProps) {
    super(scope, id);
    const { environment } = props;
    const account = { ...props.account, region: BILLING_REGION };
    this.provider = new AwsProvider(this, "aws", {
      alias: "billing",
      region: BILLING_REGION,
      defaultTags: [{ tags: { ...props.tags } }],
    });
    const key = new CustomerKey(this, "key", {
      alias: physicalName(environment, "billing"),
      account,
      services: ["cloudwatch", "sns"],
      provider: this.provider,
    });
    const topic = new EncryptedTopic(this, "topic", {
      topicName: physicalName(environment, "billing"),
      account,
      keyArn: key.arn,
      services: ["cloudwatch"],
      provider: this.provider,
    });
    topic.subscribeEmail("email", props.alertEmail);
    this.topicArns = [topic.arn];
  }
}
