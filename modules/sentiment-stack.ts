import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { AGEING } from "../contract/ageing";
import { alarmsOfTier } from "../contract/alarms/catalogue";
import type { Tier } from "../contract/alarms/definition";
import { logMetricNamespace } from "../contract/logs";
import { type Environment, PRODUCT, physicalName } from "../contract/names";
import { samplingRules, TRACE_GROUPS } from "../contract/sampling";
import { SERVICE_KEYS, SERVICES, type ServiceKey, type Trigger } from "../contract/services";
import type { Vendor } from "../contract/vendors";
import { type Account, partitionOf } from "./account";
import { AlarmCatalogue } from "./alarm-catalogue";
import { Dashboard } from "./dashboard";
import { deployVariables } from "./deploy-variables";
import type { FunctionBundle } from "./function-bundle";
import { LogMetrics } from "./log-metrics";
import { Sampling } from "./sampling";
import { Schedule } from "./schedule";
import { ServiceFunctions } from "./service-functions";
import { Storage } from "./storage";
import { TopicTracing } from "./topic-tracing";
import { TopicTrigger } from "./topic-trigger";
import { TraceGroups } from "./trace-groups";

/** Props of {@link SentimentStack}. */
export interface SentimentStackProps {
  /** Environment, first part of every name. @default none */
  readonly environment: Environment;
  /** AWS region of everything in the stack. @default none */
  readonly region: string;
  /** How many alarms to pay for. @default none */
  readonly alarmTier: Tier;
  /** Days logs are kept. @default none */
  readonly logRetentionDays: number;
  /** Share sampled by the catch-all rule, 0 to 1. @default none */
  readonly samplingRate: number;
  /** Base URLs of the news vendors. @default none */
  readonly vendorBaseUrls: Readonly<Record<Vendor, string>>;
  /** Value of the variable `alert_email` unless it is set. @default the variable must be set */
  readonly alertEmail?: string | undefined;
  /** Value of the variable `account_id` unless it is set. @default the variable must be set */
  readonly accountId?: string | undefined;
  /** The functions' code. @default none */
  readonly bundles: Readonly<Record<ServiceKey, FunctionBundle>>;
}

/** The whole application in one environment: one Terraform root module. */
export class SentimentStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: SentimentStackProps) {
    super(scope, id);
    const { environment } = props;
    this.addOverride("terraform.required_version", AGEING.terraform.value);
    this.addOverride("terraform.required_providers.aws.version", AGEING.awsProvider.value);
    // Relative to the stack's directory: the default is absolute and would differ from machine to machine.
    new LocalBackend(this, { path: `../../../terraform.${environment}.tfstate` });
    new AwsProvider(this, "aws", {
      region: props.region,
      defaultTags: [{ tags: { Project: "tracewright", Environment: environment, ManagedBy: "terraform" } }],
    });
    const variables = deployVariables(this, props);
    const account: Account = {
      accountId: variables.accountId,
      region: props.region,
      partition: partitionOf(props.region),
    };
    const storage = new Storage(this, "storage", { environment, account, alertEmail: variables.alertEmail });
    const functions = new ServiceFunctions(this, "functions", {
      ...props,
      storage,
      deploymentVersion: variables.deploymentVersion,
    });
    this.start(account, storage, functions);
    this.observe(props, account, storage, functions);
  }

  private start(account: Account, storage: Storage, functions: ServiceFunctions): void {
    const { deadLetterQueue } = storage;
    for (const service of SERVICE_KEYS) {
      const trigger: Trigger = SERVICES[service].trigger;
      const target = functions.of(service);
      if (trigger.kind === "schedule") {
        const { everySeconds } = trigger;
        new Schedule(this, `${service}-schedule`, { account, target, everySeconds, deadLetterQueue });
      } else {
        const topic = storage.topic(trigger.topic);
        new TopicTrigger(this, `${service}-trigger`, { topic, target, deadLetterQueue });
      }
    }
  }

  private observe(
    props: SentimentStackProps,
    account: Account,
    storage: Storage,
    functions: ServiceFunctions,
  ): void {
    const { environment, region, alarmTier } = props;
    const prefix = `${environment}-${PRODUCT}`;
    for (const service of SERVICE_KEYS) {
      new LogMetrics(this, `${service}-log-metrics`, {
        logGroupName: functions.of(service).logGroupName,
        namespace: logMetricNamespace(environment, service),
      });
    }
    new Sampling(this, "sampling", { prefix, rules: samplingRules(environment, props.samplingRate) });
    new TraceGroups(this, "trace-groups", { prefix, groups: TRACE_GROUPS });
    new TopicTracing(this, "topic-tracing", {
      policyName: physicalName(environment, "sns-tracing"),
      account,
      topicArns: [storage.topic("analysis-requests").arn],
    });
    new AlarmCatalogue(this, "alarms", {
      environment,
      tier: alarmTier,
      topicArns: [storage.topic("alarms").arn],
    });
    new Dashboard(this, "dashboard", { dashboardName: physicalName(environment, "board"), region });
    new TerraformOutput(this, "alarm_count", { value: alarmsOfTier(environment, alarmTier).length });
  }
}
