import type { TopicName } from "./messaging";
import type { SecretKey } from "./secrets";
import type { ServiceKey } from "./services";
import type { TableName } from "./tables";

/** DynamoDB actions a function may hold, without the `dynamodb:` prefix. */
export type TableAction = "GetItem" | "BatchGetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query";

/** What a function does to one table; index names are keys of that table's `indexes`. */
export interface TableAccess {
  readonly table: TableName;
  readonly actions: readonly TableAction[];
  /** Indexes the function queries; it may do nothing else to them. */
  readonly queriesIndexes: readonly string[];
}

/** What a role needs to write traces and read sampling decisions: these five, no more (IAM-1, R-14). */
export const XRAY_WRITE_ACTIONS = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:GetSamplingStatisticSummaries",
] as const;

/** What may be asked about the system itself, and how to say it past what is broken: the canary's (IAM-3). */
export type InspectionAction =
  | "xray:GetTraceSummaries"
  | "xray:BatchGetTraces"
  | "xray:GetTraceSegmentDestination"
  | "ssm:GetParameter"
  | "ssm:PutParameter"
  | "iam:SimulatePrincipalPolicy"
  | "lambda:ListTags"
  | "sns:Publish";

/** Everything a function uses beyond tracing, logs, metrics and its dead-letter queue. */
export interface Access {
  readonly tables: readonly TableAccess[];
  readonly publishesTo: readonly TopicName[];
  readonly readsSecrets: readonly SecretKey[];
  /** Whether it reads metrics back from CloudWatch. */
  readonly readsMetrics: boolean;
  /** What it may do that no application function may. Default: nothing. */
  readonly inspects?: readonly InspectionAction[];
}

/**
 * What each function's code calls. IAM documents are built from it, and the pipeline test compares it with the
 * AWS calls that were really made, so that a grant nobody uses and a call nobody may make both fail.
 */
export const ACCESS = {
  ingestion: {
    tables: [
      { table: "items", actions: ["GetItem", "PutItem", "UpdateItem"], queriesIndexes: ["by_status"] },
      { table: "users", actions: ["GetItem", "PutItem", "UpdateItem"], queriesIndexes: ["by_entity_status"] },
    ],
    publishesTo: ["analysis-requests"],
    readsSecrets: ["tiingo", "finnhub"],
    readsMetrics: false,
  },
  analysis: {
    tables: [
      { table: "items", actions: ["UpdateItem"], queriesIndexes: [] },
      { table: "timeseries", actions: ["UpdateItem"], queriesIndexes: [] },
      { table: "users", actions: ["UpdateItem"], queriesIndexes: ["by_ticker"] },
    ],
    publishesTo: ["notifications"],
    readsSecrets: [],
    readsMetrics: false,
  },
  metrics: {
    tables: [{ table: "items", actions: [], queriesIndexes: ["by_status"] }],
    publishesTo: [],
    readsSecrets: [],
    readsMetrics: true,
  },
  dashboard: {
    tables: [
      { table: "items", actions: ["GetItem", "BatchGetItem"], queriesIndexes: ["by_sentiment"] },
      { table: "users", actions: ["GetItem", "PutItem", "UpdateItem", "Query"], queriesIndexes: [] },
      { table: "timeseries", actions: ["Query"], queriesIndexes: [] },
    ],
    publishesTo: [],
    readsSecrets: ["access-tokens"],
    readsMetrics: false,
  },
  notification: {
    tables: [{ table: "users", actions: ["GetItem", "UpdateItem"], queriesIndexes: [] }],
    publishesTo: [],
    readsSecrets: ["sendgrid"],
    readsMetrics: false,
  },
  sse: {
    tables: [
      { table: "items", actions: [], queriesIndexes: ["by_sentiment"] },
      { table: "users", actions: ["GetItem"], queriesIndexes: [] },
      { table: "timeseries", actions: ["BatchGetItem"], queriesIndexes: [] },
      { table: "leases", actions: ["Query", "PutItem", "DeleteItem"], queriesIndexes: [] },
    ],
    publishesTo: [],
    readsSecrets: ["access-tokens"],
    readsMetrics: false,
  },
  canary: {
    tables: [],
    publishesTo: [],
    readsSecrets: [],
    readsMetrics: true,
    inspects: [
      "xray:GetTraceSummaries",
      "xray:BatchGetTraces",
      "xray:GetTraceSegmentDestination",
      "ssm:GetParameter",
      "ssm:PutParameter",
      "iam:SimulatePrincipalPolicy",
      "lambda:ListTags",
      "sns:Publish",
    ],
  },
} as const satisfies Record<ServiceKey, Access>;

/** What a service uses, widened for code that walks the lists. */
export function accessOf(service: ServiceKey): Access {
  return ACCESS[service];
}
