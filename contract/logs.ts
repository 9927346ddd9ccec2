import { metricsOf } from "./metrics";
import type { Environment } from "./names";
import { functionName, SERVICE_KEYS, type ServiceKey } from "./services";

/** A JSON line of ours that a CloudWatch Logs metric filter matches. */
export interface JsonLogEvent {
  /** The top-level field, and its value, that identify the line. */
  readonly field: string;
  readonly value: string | true;
  readonly meaning: string;
}

/**
 * A line somebody else writes, told by its words. Words match the raw text of a line, also when it is JSON; which of
 * the two the extension's lines are under JSON logging is VERIFY 8.
 */
export interface ProseLogEvent {
  /** Words of which a line must have every one, or any one. */
  readonly words: { readonly every: readonly string[] } | { readonly any: readonly string[] };
  readonly meaning: string;
}

/** A log line that a CloudWatch Logs metric filter matches. */
export type LogEvent = JsonLogEvent | ProseLogEvent;

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
  collectorDropsData: {
    words: { every: ["Exporting failed", "Dropping data"] },
    meaning: "The collector gave up spans that X-Ray would not take (FR-098, FR-105).",
  },
  collectorStartFailed: {
    words: {
      any: [
        "failed to get config",
        "cannot unmarshal",
        "failed to build pipelines",
        "collector server run finished with error",
      ],
    },
    meaning: "The collector did not start, or stopped (FR-123).",
  },
} as const satisfies Record<string, LogEvent>;

/** Key of {@link LOG_EVENTS}. */
export type LogEventKey = keyof typeof LOG_EVENTS;

/**
 * The filter pattern that matches a log event, generated from the event's own shape so that it cannot fail to
 * match what is written (D17-style drift).
 *
 * @returns for example `{ $.metric_fallback IS TRUE }`, `"every" "word"` or `?"any" ?"word"`
 */
export function filterPattern(event: LogEvent): string {
  if ("words" in event) {
    const { words } = event;
    return "every" in words
      ? words.every.map((word) => `"${word}"`).join(" ")
      : words.any.map((word) => `?"${word}"`).join(" ");
  }
  const test = event.value === true ? "IS TRUE" : `= "${event.value}"`;
  return `{ $.${event.field} ${test} }`;
}

/** Lines that match a log event, one for each way to match it: what people and rules know to be written. */
export function exampleLines(event: LogEvent): readonly string[] {
  if ("words" in event) return "every" in event.words ? [event.words.every.join(". ")] : event.words.any;
  return [JSON.stringify({ [event.field]: event.value })];
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
  /** The services whose logs it is made from. */
  readonly services: readonly ServiceKey[];
  readonly meaning: string;
}

/** A count of bad lines in the log of the streaming function, 0 for lines that are not. */
function streamCount(event: LogEventKey, name: string, meaning: string) {
  return {
    event,
    name,
    kind: "bad-event",
    metricValue: "1",
    defaultValue: "0",
    unit: "Count",
    services: ["sse"],
    meaning,
  } as const satisfies LogMetric;
}

/** The metrics derived from the functions' log groups. Two with one name add up: they are two signs of one failure. */
export const LOG_METRICS = {
  metricFallback: {
    event: "metricFallback",
    name: "MetricEmissionFailback/Count",
    kind: "bad-event",
    metricValue: "1",
    defaultValue: "0",
    unit: "Count",
    services: SERVICE_KEYS.filter((service) => metricsOf(service).length > 0),
    meaning: "Metrics that were lost because CloudWatch refused them.",
  },
  maxMemoryUsed: {
    event: "platformReport",
    name: "MaxMemoryUsed",
    kind: "ratio",
    metricValue: "$.record.metrics.maxMemoryUsedMB",
    defaultValue: undefined,
    unit: "Megabytes",
    services: SERVICE_KEYS,
    meaning: "Peak memory of an invocation.",
  },
  spanQueueOverflow: streamCount(
    "spanQueueOverflow",
    "SpanQueueOverflow/Count",
    "Times spans were dropped because the export queue was full.",
  ),
  otelExportFailed: streamCount(
    "otelExportFailed",
    "CollectorExportFailure/Count",
    "Exports from the function to the collector that were given up.",
  ),
  collectorDropsData: streamCount(
    "collectorDropsData",
    "CollectorExportFailure/Count",
    "Exports from the collector to X-Ray that were given up.",
  ),
  collectorStartFailed: streamCount(
    "collectorStartFailed",
    "CollectorStartFailure/Count",
    "Collectors that did not start, or stopped.",
  ),
  collectorUnavailable: streamCount(
    "collectorUnavailable",
    "CollectorUnavailable/Count",
    "Flushes that found no collector listening.",
  ),
  collectorHang: streamCount(
    "collectorHang",
    "CollectorHang/Count",
    "Flushes whose collector took the spans and did not answer.",
  ),
} as const satisfies Record<string, LogMetric>;

/** Key of {@link LOG_METRICS}. */
export type LogMetricKey = keyof typeof LOG_METRICS;

/** The metrics made from the log of a service. */
export function logMetricsOf(service: ServiceKey): readonly (readonly [LogMetricKey, LogMetric])[] {
  const all = Object.entries(LOG_METRICS) as readonly [LogMetricKey, LogMetric][];
  return all.filter(([, { services }]) => services.includes(service));
}

/**
 * The namespace of a function's log metrics. A filter with a default value cannot have dimensions (CloudWatch Logs
 * API reference, MetricTransformation), so the function is told apart by namespace.
 */
export function logMetricNamespace(environment: Environment, service: ServiceKey): string {
  return `SentimentAnalyzer/Logs/${functionName(environment, service)}`;
}
