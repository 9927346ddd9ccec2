import type { Environment } from "./names";
import { functionName, type ServiceKey } from "./services";

/** A JSON log line that a CloudWatch Logs metric filter matches. */
export interface LogEvent {
  /** The top-level field, and its value, that identify the line. */
  readonly field: string;
  readonly value: string | true;
  readonly meaning: string;
}

/** The log lines metric filters depend on. */
export const LOG_EVENTS = {
  metricFallback: {
    field: "metric_fallback",
    value: true,
    meaning: "PutMetricData was refused; the line carries what could not be emitted (SF-3).",
  },
  platformReport: {
    field: "type",
    value: "platform.report",
    meaning: "Lambda's own report at the end of an invocation, under JSON logging.",
  },
  spanQueueOverflow: {
    field: "span_queue_overflow",
    value: true,
    meaning: "Spans found the export queue full; `dropped` says how many (SSE-B14).",
  },
  otelExportFailed: {
    field: "otel_export_failed",
    value: true,
    meaning: "An export was given up; `spans` says how many were in it and `code` why (SSE-B14).",
  },
  collectorUnavailable: {
    field: "flush_timeout_cause",
    value: "extension_unavailable",
    meaning: "The collector extension refused connections while spans were flushed (SSE-E2).",
  },
  collectorHang: {
    field: "flush_timeout_cause",
    value: "extension_hang",
    meaning: "The collector extension took connections and did not answer while spans were flushed (SSE-E2).",
  },
} as const satisfies Record<string, LogEvent>;

/** Key of {@link LOG_EVENTS}. */
export type LogEventKey = keyof typeof LOG_EVENTS;

/**
 * The filter pattern that matches a log event, generated from the event's own shape so that it cannot fail to
 * match what is written (D17-style drift).
 *
 * @returns for example `{ $.metric_fallback IS TRUE }`
 */
export function filterPattern(event: LogEvent): string {
  const test = event.value === true ? "IS TRUE" : `= "${event.value}"`;
  return `{ $.${event.field} ${test} }`;
}

/** A metric made by CloudWatch Logs from a function's log lines. */
export interface LogMetric {
  readonly event: LogEventKey;
  readonly name: string;
  readonly kind: "bad-event" | "ratio";
  /** What each match contributes: a JSON selector or a constant. */
  readonly metricValue: string;
  /** Written for every batch of log lines without a match; `undefined` writes nothing. */
  readonly defaultValue: string | undefined;
  readonly unit: "Count" | "Megabytes";
  readonly meaning: string;
}

/** The metrics derived from every function's log group. */
export const LOG_METRICS = {
  metricFallback: {
    event: "metricFallback",
    name: "MetricEmissionFailback/Count",
    kind: "bad-event",
    metricValue: "1",
    defaultValue: "0",
    unit: "Count",
    meaning: "Metrics that were lost because CloudWatch refused them.",
  },
  maxMemoryUsed: {
    event: "platformReport",
    name: "MaxMemoryUsed",
    kind: "ratio",
    metricValue: "$.record.metrics.maxMemoryUsedMB",
    defaultValue: undefined,
    unit: "Megabytes",
    meaning: "Peak memory of an invocation.",
  },
} as const satisfies Record<string, LogMetric>;

/** Key of {@link LOG_METRICS}. */
export type LogMetricKey = keyof typeof LOG_METRICS;

/**
 * The namespace of a function's log metrics. A filter with a default value cannot have dimensions (CloudWatch Logs
 * API reference, MetricTransformation), so the function is told apart by namespace.
 */
export function logMetricNamespace(environment: Environment, service: ServiceKey): string {
  return `SentimentAnalyzer/Logs/${functionName(environment, service)}`;
}
