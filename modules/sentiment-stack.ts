import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Lazy, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { AGEING } from "../contract/ageing";
import { alarmsOfTier } from "../contract/alarms/catalogue";
import type { Tier } from "../contract/alarms/definition";
import type { ThresholdOverrides } from "../contract/alarms/overrides";
import { API, API_CORS, apiName } from "../contract/api";
import { canaryStateParameter } from "../contract/canary";
import { logMetricNamespace, logMetricsOf } from "../contract/logs";
import { TRACED_TOPICS } from "../contract/messaging";
import { type Environment, PRODUCT, physicalName } from "../contract/names";
import { samplingRules, TRACE_GROUPS } from "../contract/sampling";
import { SERVICE_KEYS, SERVICES, type Trigger } from "../contract/services";
import type { Vendor } from "../contract/vendors";
import { type Account, partitionOf } from "./account";
import { AlarmCatalogue } from "./alarm-catalogue";
import { CanaryState } from "./canary-state";
import { Dashboard } from "./dashboard";
import { DASHBOARD_HOST, deployVariables } from "./deploy-variables";
import type { ZipBundles } from "./function-bundle";
import { GatewayLogging } from "./gateway-logging";
import { ImageRepository } from "./image-repository";
import { LogMetrics } from "./log-metrics";
import { OtherRegions } from "./other-regions";
import { PermissionChanges } from "./permission-changes";
import { RestApi } from "./rest-api";
import { RumMonitor } from "./rum-monitor";
import { Sampling } from "./sampling";
import { Schedule } from "./schedule";
import { ServiceFunctions } from "./service-functions";
import { keepState, type RemoteState } from "./stack-state";
import { Storage } from "./storage";
import { TopicTracing } from "./topic-tracing";
import { TopicTrigger } from "./topic-trigger";
import { TraceGroups } from "./trace-groups";
import { TraceQuota } from "./trace-quota";

/** Images of the streaming function that stay: what runs, and far enough back to return to. */
const KEEP_RELEASES = 20;

/** What X-Ray is asked to take, twice its default. */
const SEGMENTS_PER_SECOND = 1000;

/** Props of {@link SentimentStack}. */
export interface SentimentStackProps {
  /** Environment, first part of every name. @default none */
  readonly environment: Environment;
  /** AWS region of everything in the stack but what it needs elsewhere. @default none */
  readonly region: string;
  /** Where Terraform keeps its state. @default a local file */
  readonly state?: RemoteState | undefined;
  /** Region the canary pages from. @default none */
  readonly backupRegion: string;
  /** How many alarms to pay for. @default none */
  readonly alarmTier: Tier;
  /** Days logs are kept. @default none */
  readonly logRetentionDays: number;
  /** Share sampled by the catch-all rule, 0 to 1. @default none */
  readonly samplingRate: number;
  /** Reviewed thresholds by alarm id. @default none: the thresholds of the contract */
  readonly thresholds?: ThresholdOverrides | undefined;
  /** Base URLs of the news vendors. @default none */
  readonly vendorBaseUrls: Readonly<Record<Vendor, string>>;
  /** Value of the variable `alert_email` unless it is set. @default the variable must be set */
  readonly alertEmail?: string | undefined;
  /** Value of the variable `alert_webhook_url` unless it is set. @default the variable must be set */
  readonly alertWebhook?: string | undefined;
  /** Code of X-Ray's quota on PutTraceSegments. @default no increase is asked for */
  readonly traceQuotaCode?: string | undefined;
  /** Value of the variable `account_id` unless it is set. @default the variable must be set */
  readonly accountId?: string | undefined;
  /** Base URL of the mail provider. @default none */
  readonly mailBaseUrl: string;
  /** Value of the variable `mail_from` unless it is set. @default the variable must be set */
  readonly mailFrom?: string | undefined;
  /** Value of the variable `dashboard_url` unless it is set. @default the variable must be set */
  readonly dashboardUrl?: string | undefined;
  /** Share of browser sessions that report to CloudWatch RUM, 0 to 1. @default none */
  readonly rumSampleRate: number;
  /** Origins whose pages may use the API and the stream. @default none */
  readonly corsOrigins: readonly string[];
  /** Code of the functions that ship as zips. @default none */
  readonly bundles: ZipBundles;
}

/** The whole application in one environment: one Terraform root module. */
export class SentimentStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: SentimentStackProps) {
    super(scope, id);
    const { environment } = props;
    keepState(this, environment, props.state);
    this.addOverride("terraform.required_providers.aws.version", AGEING.awsProvider.value);
    new AwsProvider(this, "aws", {
      region: props.region,
      defaultTags: [{ tags: tagsOf(environment) }],
    });
    const variables = deployVariables(this, props);
    const account: Account = {
      accountId: variables.accountId,
      region: props.region,
      partition: partitionOf(props.region),
    };
    const storage = new Storage(this, "storage", { environment, account, alertEmail: variables.alertEmail });
    const monitor = new RumMonitor(this, "rum", {
      monitorName: physicalName(environment, "page"),
      domain: DASHBOARD_HOST,
      sampleRate: props.rumSampleRate,
      account,
    });
    const regions = new OtherRegions(this, "regions", {
      environment,
      account,
      backupRegion: props.backupRegion,
      alertEmail: variables.alertEmail,
      webhookUrl: variables.alertWebhookUrl,
      billed: alarmsOfTier(environment, props.alarmTier).some((alarm) => alarm.place === "billing"),
      tags: tagsOf(environment),
    });
    const canaryState = new CanaryState(this, "canary-state", {
      parameterName: canaryStateParameter(environment),
    });
    const functions = new ServiceFunctions(this, "functions", {
      ...props,
      ...variables,
      account,
      storage,
      backup: regions.backup,
      stateParameter: canaryState.parameterName,
      // Lazy: the API is in front of one of the functions.
      apiUrl: Lazy.stringValue({ produce: () => api.url }),
      rum: { ...monitor.client, sampleRate: props.rumSampleRate },
    });
    const images = new ImageRepository(this, "sse-images", {
      repositoryName: physicalName(environment, "sse"),
      keepReleases: KEEP_RELEASES,
    });
    new TerraformOutput(this, "sse_repository_url", { value: images.url });
    new TerraformOutput(this, "stream_url", { value: functions.stream.url });
    this.start(account, storage, functions);
    const api = this.serve(props, functions);
    this.watch(props, account, storage, functions, regions);
    this.observe(props, account, storage, functions, regions);
  }

  private start(account: Account, storage: Storage, functions: ServiceFunctions): void {
    const { deadLetterQueue } = storage;
    for (const service of SERVICE_KEYS) {
      const trigger: Trigger = SERVICES[service].trigger;
      const target = functions.of(service);
      if (trigger.kind === "schedule") {
        const { everySeconds } = trigger;
        new Schedule(this, `${service}-schedule`, { account, target, everySeconds, deadLetterQueue });
      } else if (trigger.kind === "topic") {
        const topic = storage.topic(trigger.topic);
        new TopicTrigger(this, `${service}-trigger`, { topic, target, deadLetterQueue });
      }
    }
  }

  /** The API in front of the function that answers browsers. */
  private serve(props: SentimentStackProps, functions: ServiceFunctions): RestApi {
    const { environment, logRetentionDays } = props;
    const logging = new GatewayLogging(this, "gateway-logging", {
      roleName: physicalName(environment, "gateway-logs"),
    });
    const api = new RestApi(this, "api", {
      apiName: apiName(environment),
      stageName: API.stage,
      description: SERVICES.dashboard.purpose,
      target: functions.of("dashboard"),
      throttle: API.throttle,
      cors: API_CORS,
      logRetentionDays,
      logging: logging.setting,
    });
    new TerraformOutput(this, "api_url", { value: api.url });
    return api;
  }

  /** What the canary needs besides its function. */
  private watch(
    { environment, traceQuotaCode }: SentimentStackProps,
    account: Account,
    storage: Storage,
    functions: ServiceFunctions,
    regions: OtherRegions,
  ): void {
    new PermissionChanges(this, "permission-changes", {
      environment,
      account,
      target: functions.of("canary"),
      deadLetterQueue: storage.deadLetterQueue,
      ...(regions.global === undefined ? {} : { global: regions.global }),
    });
    if (traceQuotaCode !== undefined) {
      new TraceQuota(this, "trace-quota", {
        quotaCode: traceQuotaCode,
        segmentsPerSecond: SEGMENTS_PER_SECOND,
      });
    }
  }

  private observe(
    props: SentimentStackProps,
    account: Account,
    storage: Storage,
    functions: ServiceFunctions,
    regions: OtherRegions,
  ): void {
    const { environment, region, alarmTier, thresholds } = props;
    const prefix = `${environment}-${PRODUCT}`;
    for (const service of SERVICE_KEYS) {
      new LogMetrics(this, `${service}-log-metrics`, {
        metrics: logMetricsOf(service),
        logGroupName: functions.of(service).logGroupName,
        namespace: logMetricNamespace(environment, service),
      });
    }
    new Sampling(this, "sampling", { prefix, rules: samplingRules(environment, props.samplingRate) });
    new TraceGroups(this, "trace-groups", { prefix, groups: TRACE_GROUPS });
    new TopicTracing(this, "topic-tracing", {
      policyName: physicalName(environment, "sns-tracing"),
      account,
      topicArns: TRACED_TOPICS.map((topic) => storage.topic(topic).arn),
    });
    new AlarmCatalogue(this, "alarms", {
      environment,
      region,
      tier: alarmTier,
      thresholds,
      topicArns: [storage.topic("alarms").arn],
      elsewhere: regions.alarms,
    });
    new Dashboard(this, "dashboard", { dashboardName: physicalName(environment, "board") });
    new TerraformOutput(this, "alarm_tier", { value: alarmTier });
    new TerraformOutput(this, "alarm_count", { value: alarmsOfTier(environment, alarmTier).length });
  }
}

function tagsOf(environment: Environment): Record<string, string> {
  return { Project: "tracewright", Environment: environment, ManagedBy: "terraform" };
}
