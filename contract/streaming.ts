import { type Environment, PRODUCT } from "./names";

/** How streams behave; times in milliseconds unless a name says otherwise. */
export const STREAM = {
  /** Seconds between two steps of a stream; every environment steps at the same instants (ADR 0021). */
  pollIntervalSeconds: 5,
  /** Seconds between two heartbeats. */
  heartbeatIntervalSeconds: 30,
  /**
   * Streams at once over all execution environments. Fewer than the function may have executions: an environment serves
   * one stream, and the rest must be able to refuse and to tell the status (D22, ADR 0021).
   */
  maxConnections: 20,
  /** A stream ends itself after this long, so that its trace stays within X-Ray's limits. */
  maxStreamMs: 240_000,
  /** A client may ask for a shorter stream by this parameter of the query, in milliseconds. */
  longestParameter: "max_stream_ms",
  /** The shortest stream a client gets. */
  shortestMs: 1000,
  /** Delay before reconnecting that the stream asks of its client (SSE-G1). */
  retryMs: 3000,
  /** A step is read this long after its end: by then the index shows what was written before it (ADR 0021). */
  settleMs: 2000,
  /** A stream can be resumed from a position at most this old. */
  resumeMs: 15 * 60_000,
  /** Counts and means are over the articles analyzed in this last while. */
  windowMs: 24 * 3_600_000,
  /** Below this much remaining time spans are flushed (SSE-E3). */
  flushThresholdMs: 3000,
  /** A client that takes no bytes for this long is given up (SSE-F1). */
  drainTimeoutMs: 5000,
  /** Seconds a refused client should wait. */
  retryAfterSeconds: 30,
} as const;

/** Names of the events of a stream (application §5.2). */
export const STREAM_EVENTS = {
  heartbeat: "heartbeat",
  metrics: "metrics",
  sentiment: "sentiment_update",
  bucket: "partial_bucket",
  deadline: "deadline",
  error: "error",
  done: "done",
} as const;

/** Name of an event of a stream. */
export type StreamEventName = (typeof STREAM_EVENTS)[keyof typeof STREAM_EVENTS];

/** Paths the streaming function answers (application §5.1). */
export const STREAM_ROUTES = {
  status: "/api/v2/stream/status",
  global: "/api/v2/stream",
  /** `{id}` is a configuration's id. */
  configuration: "/api/v2/configurations/{id}/stream",
} as const;

/** Issuer of the access tokens of users. */
export const TOKEN_ISSUER = "sentiment-analyzer";

/** Audience an access token of an environment must name. */
export function tokenAudience(environment: Environment): string {
  return `${environment}-${PRODUCT}`;
}
