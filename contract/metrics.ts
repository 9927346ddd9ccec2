import { FAILURE_PATH_DIMENSIONS, FAILURE_PATHS, type FailurePath } from "./failure-paths";
import { SERVICE_KEYS, type ServiceKey } from "./services";
import { VENDORS } from "./vendors";

/** The one namespace of custom metrics: a batch is one `PutMetricData` call, and a grant names it exactly (D4). */
export const RELIABILITY_NAMESPACE = "SentimentAnalyzer/Reliability";

/** What a metric tells; decides how an alarm on it treats missing data (design §4). */
export type MetricKind = "bad-event" | "proof-of-life" | "latency" | "ratio" | "cost";

/** Keys a datum may be split by. */
export type DimensionKey = "Environment" | "Component" | "FunctionName" | "FailurePath" | "Vendor";

/** The value of `Component` on everything the canary measures. */
export const CANARY_COMPONENT = "Canary";

/** A custom metric as emitted with `PutMetricData`. */
export interface Metric {
  readonly namespace: string;
  readonly unit: "Count" | "None" | "Milliseconds";
  readonly kind: MetricKind;
  /** The functions whose code emits it; each gets the namespace granted. */
  readonly emitters: readonly ServiceKey[];
  /** Each emission writes one datum per set; alarms match a set exactly. */
  readonly dimensionSets: readonly (readonly DimensionKey[])[];
  /** Emitted as 0 on every run that has nothing to report, so that silence means a dead emitter (design §4). */
  readonly zeroFilled: boolean;
  /** The functions it speaks of, when those are others than its emitter: the caller names one as `FunctionName`. */
  readonly speaksOf?: readonly ServiceKey[];
  /** The metric whose alarm covers this one because both are emitted together; its own alarm otherwise. */
  readonly alarmedThrough?: "SilentFailure/Count" | "CanaryHealth" | "trace_data_loss_ratio";
  /** One sentence for the board and the docs. */
  readonly meaning: string;
}

const everyEnvironment = [["Environment"]] as const;

/** A counter of bad events, written as 0 when there were none. */
function badEvent(emitter: ServiceKey, meaning: string) {
  return {
    namespace: RELIABILITY_NAMESPACE,
    unit: "Count",
    kind: "bad-event",
    emitters: [emitter],
    dimensionSets: everyEnvironment,
    zeroFilled: true,
    meaning,
  } as const satisfies Metric;
}

/** A duration in milliseconds, written as a distribution so that percentiles mean something. */
function latency(emitter: ServiceKey, meaning: string) {
  return { ...badEvent(emitter, meaning), unit: "Milliseconds", kind: "latency", zeroFilled: false } as const;
}

/** The FR-043 companion of `SilentFailure/Count`. */
function failureDetail(metric: FailurePath["metric"], meaning: string) {
  const owners = Object.values(FAILURE_PATHS).filter((path) => path.metric === metric);
  return {
    ...badEvent("ingestion", meaning),
    emitters: SERVICE_KEYS.filter((service) => owners.some((path) => path.emitter === service)),
    alarmedThrough: "SilentFailure/Count",
  } as const satisfies Metric;
}

/** A count of what the canary found wrong. */
function canaryCount(meaning: string) {
  return { ...badEvent("canary", meaning), dimensionSets: [["Environment", "Component"]] } as const;
}

/** A figure of every run of the canary: without it the canary itself is dead, which is as bad. */
function canaryProof(meaning: string) {
  return { ...canaryCount(meaning), unit: "None", kind: "proof-of-life", zeroFilled: false } as const;
}

/** Every custom metric of the application. */
export const METRICS = {
  NewItemsIngested: {
    ...badEvent("ingestion", "Articles stored for the first time."),
    kind: "proof-of-life",
  },
  HighLatencyAlert: badEvent("ingestion", "Ingestion runs that took longer than half their timeout."),
  CollisionRate: {
    ...badEvent("ingestion", "Share of articles both vendors delivered (0 to 1), when enough were compared."),
    unit: "None",
    kind: "ratio",
    zeroFilled: false,
  },
  VendorApiCalls: {
    ...badEvent("ingestion", "HTTP requests sent to a vendor."),
    kind: "ratio",
    dimensionSets: [["Environment", "Vendor"]],
  },
  VendorApiErrors: {
    ...badEvent("ingestion", "HTTP requests to a vendor that failed."),
    dimensionSets: [["Environment", "Vendor"]],
  },
  VendorSkipped: {
    ...badEvent(
      "ingestion",
      "Runs that left a vendor out: its breaker was open, its quota spent or its key missing.",
    ),
    dimensionSets: [["Environment", "Vendor"]],
  },
  CircuitBreakerOpen: {
    ...badEvent("ingestion", "1 while a vendor's circuit breaker is open."),
    dimensionSets: [["Environment", "Vendor"]],
  },
  AnalysisErrors: badEvent("analysis", "Analysis requests that could not be processed."),
  AlertsEvaluated: {
    ...badEvent("analysis", "Alert rules that were held against a new score."),
    kind: "ratio",
  },
  AlertsTriggered: {
    ...badEvent("analysis", "Alert rules whose threshold was crossed and that were not resting."),
    kind: "ratio",
  },
  NotificationsQueued: { ...badEvent("analysis", "Alerts handed to the mail function."), kind: "ratio" },
  AlertEvaluationErrors: badEvent("analysis", "Articles whose alert rules could not all be evaluated."),
  EmailsAttempted: { ...badEvent("notification", "Mails the provider was asked to send."), kind: "ratio" },
  EmailsSent: { ...badEvent("notification", "Mails the provider accepted."), kind: "ratio" },
  EmailsFailed: badEvent(
    "notification",
    "Alerts that could not be mailed, the provider's retries included in one.",
  ),
  EmailsSuppressed: badEvent("notification", "Mails held back because a daily quota was spent."),
  EmailQuotaUsed: {
    ...badEvent("notification", "Share of the day's mails that is spent, in percent."),
    unit: "None",
    kind: "ratio",
    zeroFilled: false,
  },
  StuckItems: badEvent("metrics", "Items ingested more than five minutes ago and still pending."),
  MetricsLambdaErrors: badEvent("metrics", "Failed runs of the metrics function."),
  EmissionHeartbeat: {
    ...badEvent("metrics", "1 in every batch of the metrics function."),
    kind: "proof-of-life",
    zeroFilled: false,
  },
  XRayDailyCostRatio: {
    ...badEvent("metrics", "Traces of the last 24 hours as a multiple of the mean day of the week before."),
    unit: "None",
    kind: "cost",
    zeroFilled: false,
  },
  ConnectionAcquireFailures: badEvent(
    "sse",
    "Streams that were refused: no lease was free or none could be taken.",
  ),
  StreamPollFailures: badEvent("sse", "Polls of a stream that failed; its events come late or not at all."),
  ConnectionSetupMs: latency("sse", "From invocation to the first bytes of a stream."),
  EventLatencyMs: latency("sse", "From the change of a bucket or article to the sending of its event."),
  PollDurationMs: latency("sse", "Time a poll spends in DynamoDB."),
  "SilentFailure/Count": {
    ...badEvent("ingestion", "Errors that were caught and that no caller saw."),
    emitters: SERVICE_KEYS.filter((service) =>
      Object.values(FAILURE_PATHS).some((path) => path.emitter === service),
    ),
    // The first two are SF-2's; the third gives the one aggregate alarm of the essential tier (ADR 0009).
    dimensionSets: [["FailurePath"], ["FunctionName", "FailurePath"], ["Environment"]],
  },
  CircuitBreakerPersistenceFailure: failureDetail(
    "CircuitBreakerPersistenceFailure",
    "Breaker states that could not be read or written.",
  ),
  AuditEventPersistenceFailure: failureDetail(
    "AuditEventPersistenceFailure",
    "Runs whose audit record could not be written.",
  ),
  DownstreamNotificationFailure: failureDetail(
    "DownstreamNotificationFailure",
    "Publishes of new articles that failed.",
  ),
  TimeseriesFanoutPartialFailure: failureDetail(
    "TimeseriesFanoutPartialFailure",
    "Items that are missing from one or more time buckets.",
  ),
  SelfHealingItemFetchFailure: failureDetail(
    "SelfHealingItemFetchFailure",
    "Pending items that could not be read again.",
  ),
  ParallelFetcherErrors: failureDetail("ParallelFetcherErrors", "Runs in which a vendor fetch failed."),
  CanaryHealth: canaryProof(
    "1 when traces and metrics arrive but for a tolerable loss, 0 when they do not or nobody knows (CAN-3).",
  ),
  "canary.trace.completeness_ratio": canaryProof(
    "Share of the last hour's test traces that arrived (CAN-4).",
  ),
  trace_data_loss_ratio: canaryProof("Share of a run's test traces that were lost (CAN-4)."),
  trace_data_loss: {
    ...canaryCount("Test traces of a run that were not found at its last look (CAN-4)."),
    alarmedThrough: "trace_data_loss_ratio",
  },
  CanaryMarker: {
    ...canaryProof("A number told by one run and looked for by the next (CAN-5)."),
    alarmedThrough: "CanaryHealth",
  },
  CanaryHeartbeat: canaryProof("1 for every run, written to the backup region (CAN-8)."),
  "canary.trace.partial": canaryCount("Test traces that were still partial at the last look (CAN-3)."),
  CanaryInitFailure: canaryCount("Runs whose tracer could not be started (CAN-9)."),
  CanarySubsegmentIncomplete: canaryCount(
    "Runs after which two requests in a row lacked a node of their trace (CAN-10).",
  ),
  UnprocessedTraceSegments: canaryCount("Test segments that X-Ray answered it had not taken (SMP-6)."),
  IAMPolicyDrift: {
    ...badEvent("canary", "1 while a function's role lacks one of the five X-Ray actions (IAM-4)."),
    dimensionSets: [["Environment", "FunctionName"]],
    speaksOf: SERVICE_KEYS,
  },
  DeploymentVersionSkew: canaryCount("Versions beyond one that are deployed at the same time (DEP-5)."),
} as const satisfies Record<string, Metric>;

/** The name of a custom metric. */
export type MetricName = keyof typeof METRICS;

/** All metric names, in declaration order. */
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** A metric by name, widened for code that walks the registry. */
export function metric(name: MetricName): Metric {
  // Synthesis does not check types: a misspelt name would fail far from here, and nameless.
  if (!Object.hasOwn(METRICS, name)) {
    throw new Error(
      `contract/metrics.ts: found no metric ${JSON.stringify(name)}; expected one of ${METRIC_NAMES.join(", ")}. ` +
        "Next step: npm run typecheck names the place that misspells it.",
    );
  }
  return METRICS[name];
}

/** The metrics a service emits. */
export function metricsOf(service: ServiceKey): readonly MetricName[] {
  return METRIC_NAMES.filter((name) => metric(name).emitters.includes(service));
}

/** The namespaces a service's role must be allowed to write, sorted. */
export function namespacesOf(service: ServiceKey): readonly string[] {
  return [...new Set(metricsOf(service).map((name) => metric(name).namespace))].sort();
}

/** Dimensions with a closed set of values; the emitter supplies the others. */
export const DIMENSION_VALUES = {
  Vendor: VENDORS,
  FailurePath: FAILURE_PATH_DIMENSIONS,
} as const satisfies Partial<Record<DimensionKey, readonly string[]>>;

/** The dimensions a caller of the emitter must name: those with a closed set of values, and whom a metric speaks of. */
export type DimensionsOf<M extends MetricName> = {
  readonly [K in Extract<
    (typeof METRICS)[M]["dimensionSets"][number][number],
    "Vendor" | "FailurePath"
  >]: (typeof DIMENSION_VALUES)[K][number];
} & ((typeof METRICS)[M] extends { readonly speaksOf: readonly ServiceKey[] }
  ? { readonly FunctionName: string }
  : unknown);
