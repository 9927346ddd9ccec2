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
  route: "handle_route",
  evaluateAlerts: "evaluate_alerts",
  sendAlert: "send_alert",
  sendMail: "sendgrid_send_email",
  submitSegments: "submit_test_segments",
  lookUpTraces: "look_up_traces",
  checkApi: "check_api",
  checkStream: "check_stream",
  checkMetrics: "check_metrics",
  checkPermissions: "check_permissions",
  checkVersions: "check_versions",
  publishAlert: "publish_alert",
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
  status: "stream_status",
  call: "aws_call",
} as const;

/** Keys of the streaming function's spans that X-Ray indexes, so that traces can be filtered by them (DAT-2: at most 22). */
export const STREAM_ANNOTATIONS = {
  session_id: "string: the browser tab's session, `none` or `invalid` (SSE-D6)",
  previous_trace_id: "string: trace of the stream before a reconnection, `none` or `invalid` (SSE-D6)",
  connection_sequence: "number: 1 for a session's first connection (SSE-D6)",
  client_disconnected: "boolean: the client left before the stream ended (SSE-F1)",
  connection_id: "string: this connection's lease (ANN-4)",
  current_count: "number: open streams of all execution environments, this one included (ANN-4)",
  max_connections: "number: streams allowed at once (ANN-4)",
  event_type: "string: name of the event sent (ANN-1)",
  latency_ms: "number: from the change to its event (ANN-1)",
  is_cold_start: "boolean: first invocation of this execution environment (ANN-1)",
  is_clock_skew: "boolean: the change lies after its event, so two clocks disagree (ANN-1)",
  connection_count: "number: open streams of this execution environment (ANN-1)",
  item_count: "number: items a poll read (ANN-5)",
  changed_count: "number: events that came of a poll (ANN-5)",
  poll_duration_ms: "number: time spent in queries (ANN-5)",
  cache_hit: "boolean: another stream of this environment had polled already (ANN-2)",
  cache_hit_rate: "number: share of polls answered from memory since the start, 0 to 1 (ANN-2)",
  cache_entry_count: "number: steps kept in memory (ANN-2)",
  cache_max_entries: "number: steps that can be kept (ANN-2)",
  trigger: "string: why cache figures were taken: cold_start, periodic or threshold (ANN-2)",
  sentiment_type: "string: positive, neutral or negative (ANN-5)",
  flush_reason: "string: why a stream ended (SSE-E3)",
} as const;

/** Keys of the streaming function's spans that are kept but not indexed. */
export const STREAM_METADATA = {
  http_status: "number: status of the answer",
  ticker: "string: ticker of an event",
  resolution: "string: resolution of an event",
  resumed: "boolean: the stream goes on where an earlier one stopped",
  drain_timeout: "boolean: the client took no bytes for too long",
  poll_count: "number: polls without a change that share a span",
  corrupt_count: "number: items left out because they could not be read",
  cache_hits: "number: polls answered from memory",
  cache_misses: "number: polls that went to DynamoDB",
  metric_count: "number: data in a batch",
  suppressed_span_count: "number: spans left out because the budget was used up",
  "db.system": "string: dynamodb (SSE-D3)",
  "aws.dynamodb.table_names": "list: tables of a call (SSE-D3)",
  "rpc.system": "string: aws-api (SSE-D3)",
  "rpc.service": "string: AWS service of a call (SSE-D3)",
  "rpc.method": "string: operation of a call (SSE-D3)",
} as const;

/** Key an attribute of the streaming function's spans may have (DAT-3). */
export type StreamAttributeKey = keyof typeof STREAM_ANNOTATIONS | keyof typeof STREAM_METADATA;

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
  http_status: "number: status of the last answer, a vendor's or our own",
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
  http_route: "string: route of the API with its parameters unfilled, `unmatched` if there is none (D31)",
  http_method: "string: method of a request to the API, `other` if it is none of ours (D31)",
  cache_hit: "boolean: answered from memory",
  evaluated_count: "number: alert rules an article was held against (D14)",
  triggered_count: "number: alert rules that triggered (D14)",
  queued_count: "number: alerts handed to the mail function (D14)",
  alert_type: "string: what kind of rule triggered",
  recipient_count: "number: addressees of a mail; the addresses themselves are never recorded (SG-1)",
  template_name: "string: shape of a mail (SG-1)",
  sendgrid_status: "number: status of the mail provider's answer, 0 if there was none (SG-1)",
  attempt: "number: 1 for the first try to send a mail, then counting up (SG-1)",
  rate_limited: "boolean: the mail provider asked to wait; no fault (SG-1)",
  suppressed_reason:
    "string: why no mail was sent: no_address, inactive, user_quota, daily_quota or duplicate",
  canary_run: "string: which run of the canary a test segment belongs to (CAN-1)",
  canary_status: "string: healthy, degraded or failed (CAN-3)",
  lost_count: "number: test traces a run did not find (CAN-4)",
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
