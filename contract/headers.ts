/** HTTP headers this system sends, allows and exposes; lower case as Node delivers them (FE-1). */
export const HEADERS = {
  /** X-Ray's trace context: `Root=…;Parent=…;Sampled=…`. */
  traceId: "x-amzn-trace-id",
  /** Position in a stream after which a reconnecting client wants to go on (SSE-G3). */
  lastEventId: "last-event-id",
  /** The browser tab's session, over all its connections (SSE-D6). */
  sessionId: "x-sse-session-id",
  /** Bare id of the trace of the connection before this one (SSE-D6). */
  previousTrace: "x-sse-previous-trace",
  /** 1 for the first connection of a session, then counting up (SSE-D6). */
  connectionSequence: "x-sse-connection-seq",
  /** `false` when a stream cannot go on after `last-event-id` and starts anew, otherwise `true` (SSE-G3). */
  resumeSupported: "x-sse-resume-supported",
} as const;

/**
 * What browsers of another origin may send to the stream and read from it (FE-1, FE-2). Origins are a setting; cookies
 * are never sent, because access is by token.
 */
export const STREAM_CORS = {
  methods: ["GET"],
  requestHeaders: [
    HEADERS.traceId,
    HEADERS.lastEventId,
    HEADERS.sessionId,
    HEADERS.previousTrace,
    HEADERS.connectionSequence,
    "authorization",
    "content-type",
    "accept",
    "cache-control",
  ],
  responseHeaders: [HEADERS.traceId, HEADERS.resumeSupported, "retry-after"],
  /** Seconds a browser may remember the answer. */
  maxAgeSeconds: 7200,
} as const;

/** What a list of origins says when it admits nobody; no browser sends it. */
export const NO_ORIGIN = "none";

/** An origin whose pages may read the stream: https anywhere, http on one's own machine, no path and no wildcard. */
export const CORS_ORIGIN = /^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d{1,5})?$/;
