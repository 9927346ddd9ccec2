/** Something the programme removed and that must not come back. */
export interface RemovedName {
  /** What allow-lists call it. */
  readonly id: string;
  /** What it was. */
  readonly what: string;
  readonly pattern: RegExp;
  /** What does its work now. */
  readonly instead: string;
}

/** Names of the removed machinery, in every spelling it had (AUD-1). */
export const REMOVED: readonly RemovedName[] = [
  {
    id: "latency-log-module",
    what: "the module that logged latencies",
    pattern: /latency[-_]?logger/gi,
    instead: "annotate latency_ms on the span that dispatches the event",
  },
  {
    id: "cache-log-module",
    what: "the module that logged cache figures",
    pattern: /cache[-_]?logger/gi,
    instead: "annotate cache_hit_rate and cache_entry_count on the poll's span",
  },
  {
    id: "correlation-id-maker",
    what: "a maker of correlation ids",
    pattern: /(?:get|generate)[-_]?correlation[-_]?id/gi,
    instead: "use the trace id, which every log line carries",
  },
  {
    id: "correlation-id-format",
    what: "an id made of source and request",
    pattern: /\{[^{}\n]{0,60}source[^{}\n]{0,60}\}-\$?\{[^{}\n]{0,60}request[^{}\n]{0,60}\}/gi,
    instead: "use the trace id, which every log line carries",
  },
  {
    id: "logger-field",
    what: "a log field of the removed loggers",
    pattern: /(?<![\w.-])(?:send_timestamp|hit_rate|entry_count|max_entries)(?!\w)/g,
    instead: "query the annotations latency_ms, cache_hit_rate, cache_entry_count and cache_max_entries",
  },
  {
    id: "pctile-query",
    what: "a log query for percentiles",
    pattern: /\bpctile\s*\(/gi,
    instead: "alarm on the metric's percentile, or filter traces by annotation",
  },
];
