/** Names of the subsegments the functions open, beside the seven of `FAILURE_PATHS`. */
export const SPANS = {
  handler: "handle_event",
  activeTickers: "load_active_tickers",
  fetchTiingo: "fetch_tiingo",
  fetchFinnhub: "fetch_finnhub",
  storeArticles: "store_articles",
  selfHealing: "self_healing",
  scoreText: "score_text",
  updateItem: "update_item_with_sentiment",
  fanout: "write_timeseries_fanout",
  tickerBuckets: "write_ticker_buckets",
  stuckItemsQuery: "query_stuck_items",
  traceVolumeQuery: "query_trace_volume",
  emitMetrics: "emit_metrics",
} as const;

/** A subsegment name of {@link SPANS}. */
export type SpanName = (typeof SPANS)[keyof typeof SPANS];

/** Names of the spans of the streaming function (SSE-D1). */
export const STREAM_SPANS = {
  globalStream: "sse_global_stream",
  configStream: "sse_config_stream",
  acquire: "connection_acquire",
  release: "connection_release",
  poll: "dynamodb_poll",
  querySentiment: "dynamodb_query_sentiment",
  dispatch: "sse_event_dispatch",
  putMetric: "cloudwatch_put_metric",
  flush: "force_flush",
} as const;

/** A span name of {@link STREAM_SPANS}. */
export type StreamSpanName = (typeof STREAM_SPANS)[keyof typeof STREAM_SPANS];

/** Annotation keys (indexed, filterable) and what their value is. No other key may be annotated (DAT-3). */
export const ANNOTATIONS = {
  Service: "string: service name, under the key Powertools uses (TRC-6)",
  ColdStart: "boolean: first invocation of this execution environment, under the key Powertools uses",
  synthetic: "boolean: a canary's own trace; forbidden elsewhere (CAN-1)",
  previous_trace_id: "string: trace of the stream before a reconnection (SSE-D6)",
  vendor: "string: news vendor",
  ticker_count: "number: tickers asked for",
  article_count: "number: articles received or stored",
  http_status: "number: status of the last vendor response",
  duplicate_count: "number: articles already known",
  item_count: "number: items looked at",
  source_id: "string: key of an article, a hash",
  sentiment: "string: positive, neutral or negative",
  model_version: "string: lexicon version",
  republished: "boolean: sent again by self-healing",
  ticker_symbol: "string: ticker whose buckets are written (TRC-9)",
  failed_buckets: "string: resolutions that were not written, joined by commas, empty if none (TRC-9)",
  ingestion_duration_ms: "number: from publication to storage of the item (TRC-9)",
  unprocessed_count: "number: buckets left unwritten (SF-1)",
  flush_reason: "string: why work stopped early (TRC-10)",
  resolutions_completed: "number: resolutions written before the deadline (TRC-10)",
  metric_count: "number: data in the batch (MET-1)",
  query_duration_ms: "number: time in the query (MET-1)",
  failure_detail: "string: which step of a silent-failure path failed",
} as const;

/** Key of {@link ANNOTATIONS}. */
export type AnnotationKey = keyof typeof ANNOTATIONS;

/** Size limits of what a trace may carry (DAT-1). */
export const TRACE_LIMITS = {
  /** Characters of an exception message. */
  messageLength: 2048,
  /** Frames of a stack. */
  stackFrames: 10,
  /** Bytes of one segment document; above it the X-Ray daemon loses the document. */
  documentBytes: 64 * 1024,
  /** Characters of the message in a metric fallback line (SF-3). */
  fallbackMessageLength: 256,
} as const;
