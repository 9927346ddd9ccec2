import type { ServiceKey } from "./services";
import type { STREAM_ANNOTATIONS } from "./spans";
import { type AnnotationKey, STREAM_SPANS } from "./spans";

/** The functions whose traces are judged; the canary judges itself. */
export type JudgedService = Exclude<ServiceKey, "canary">;

/** Calls to others as a trace names them; `remote` is any HTTP call that is not to AWS. */
export type CallName = "DynamoDB" | "SNS" | "CloudWatch" | "remote";

/** The least a trace of a function is made of, beside one segment of the function's own (DEP-2). */
export interface TraceStructure {
  /** Recorded calls by whom they go to. */
  readonly calls: Readonly<Partial<Record<CallName, number>>>;
  /** Parts of any other kind. */
  readonly others: number;
}

/** The least each function's trace is made of when it has done its work. */
export const TRACE_STRUCTURE = {
  ingestion: { calls: { DynamoDB: 1, SNS: 1 }, others: 0 },
  analysis: { calls: {}, others: 2 },
  metrics: { calls: { CloudWatch: 1 }, others: 2 },
  dashboard: { calls: { DynamoDB: 3 }, others: 0 },
  notification: { calls: { remote: 1 }, others: 0 },
  sse: { calls: {}, others: 5 },
} as const satisfies Record<JudgedService, TraceStructure>;

/** The judged functions, in the order of the contract. */
export const JUDGED_SERVICES = Object.keys(TRACE_STRUCTURE) as readonly JudgedService[];

/** The functions whose running time is compared; a stream takes as long as its reader stays. */
export type TimedService = Exclude<JudgedService, "sse">;

/** See {@link TimedService}. */
export const TIMED_SERVICES = JUDGED_SERVICES.filter((one): one is TimedService => one !== "sse");

/** A key of a span, whichever SDK writes it. */
export type AnyAnnotationKey = AnnotationKey | keyof typeof STREAM_ANNOTATIONS;

const everywhere = ["Service", "ColdStart"] as const;

/**
 * Annotations the traces of a function must have when it has done its work: what filters, groups and runbooks ask for.
 * Those of failures and of rare branches are left to tests, because a release may well see none.
 */
export const REQUIRED_ANNOTATIONS = {
  ingestion: [...everywhere, "vendor", "ticker_count", "article_count", "item_count"],
  analysis: [
    ...everywhere,
    "sentiment",
    "model_version",
    "ticker_symbol",
    "failed_buckets",
    "ingestion_duration_ms",
  ],
  metrics: [...everywhere, "metric_count", "query_duration_ms"],
  dashboard: [...everywhere, "http_route", "http_method", "http_status"],
  notification: [
    ...everywhere,
    "alert_type",
    "recipient_count",
    "template_name",
    "sendgrid_status",
    "attempt",
  ],
  sse: [
    "session_id",
    "previous_trace_id",
    "connection_sequence",
    "connection_id",
    "current_count",
    "max_connections",
    "event_type",
    "is_cold_start",
    "connection_count",
    "item_count",
    "changed_count",
    "poll_duration_ms",
    "cache_hit",
    "sentiment_type",
    "flush_reason",
  ],
} as const satisfies Record<JudgedService, readonly AnyAnnotationKey[]>;

/** The span of a stream that the retention gate counts: one for each event a client receives (VER-1). */
export const COUNTED_SPAN = STREAM_SPANS.dispatch;
