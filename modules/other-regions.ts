import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { AlarmPlace } from "../contract/alarms/definition";
import { canaryAlertTopicName } from "../contract/canary";
import { type Environment, physicalName } from "../contract/names";
import { type Account, globalRegionOf } from "./account";
import type { AlarmRegion } from "./alarm-catalogue";
import { PagingRegion } from "./paging-region";

/** Props of {@link OtherRegions}. */
export interface OtherRegionsProps {
  /** Environment, first part of every name. @default none */
  readonly environment: Environment;
  /** Account and region of the stack. @default none */
  readonly account: Account;
  /** Region the canary pages from; another than the stack's. @default none */
  readonly backupRegion: string;
  /** Where alarms are mailed. @default none */
  readonly alertEmail: string;
  /** Https URL the canary's alerts are posted to as well. @default none */
  readonly webhookUrl: string;
  /** Whether there are alarms on charges. @default none */
  readonly billed: boolean;
  /** Tags of everything in these regions. @default none */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What a stack needs outside its own region: where charges and changes of permissions are told, and a place that still
 * pages when the stack's region does not.
 */
export class OtherRegions extends Construct {
  /** Provider of the region where IAM tells its events; `undefined` when the stack is there. */
  readonly global: AwsProvider | undefined;
  /** Where the canary says what it finds. */
  readonly backup: PagingRegion;
  /** Where alarms live whose metrics are not in the stack's region. */
  readonly alarms: Readonly<Partial<Record<AlarmPlace, AlarmRegion>>>;

  constructor(scope: Construct, id: string, props: OtherRegionsProps) {
    super(scope, id);
    const { environment, account, alertEmail } = props;
    const region = globalRegionOf(account.partition);
    const provider = (alias: string, name: string) =>
      new AwsProvider(this, `${alias}-aws`, {
        alias,
        region: name,
        defaultTags: [{ tags: { ...props.tags } }],
      });
    this.global = region === account.region ? undefined : provider("global", region);
    this.backup = new PagingRegion(this, "backup", {
      topicName: canaryAlertTopicName(environment),
      account: { ...account, region: props.backupRegion },
      provider: provider("backup", props.backupRegion),
      alertEmail,
      webhookUrl: props.webhookUrl,
    });
    const billing =
      this.global === undefined || !props.billed
        ? {}
        : {
            // Below the stack: another address would replace the topic that is deployed.
            billing: new PagingRegion(scope, "billing", {
              topicName: physicalName(environment, "billing"),
              account: { ...account, region },
              provider: this.global,
              alertEmail,
            }),
          };
    this.alarms = { backup: this.backup, ...billing };
  }
}
