import { type Context, SpanKind } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../contract/spans";
import { recordSpan } from "../runtime/streaming-tracing/span";
import type { SteadyPolls } from "../runtime/streaming-tracing/steady-polls";
import type { Query } from "./articles";
import { dynamodb } from "./aws-call";
import { CacheMeter } from "./cache-figures";
import type { Feed } from "./feed";
import { config } from "./settings";
import type { StreamMetrics } from "./stream-metrics";

/** What a poll runs in. */
export interface PollScope {
  /** Context of the stream's own span. */
  readonly inside: Context;
  readonly steady: SteadyPolls;
  readonly metrics: StreamMetrics;
  readonly coldStart: boolean;
}

/** What came of a poll; instants in milliseconds since 1970. */
export interface PollOutcome {
  readonly startedAt: number;
  /** Milliseconds spent in DynamoDB. */
  readonly durationMs: number;
  /** Whether the feed had been there already. */
  readonly hit: boolean;
  readonly queries: readonly Query[];
  /** When buckets were read, if they were. */
  readonly buckets: { readonly startedAt: number; readonly endedAt: number } | undefined;
  /** Events that came of it. */
  readonly changed: number;
  readonly error?: unknown;
}

const { DATABASE_TABLE, TIMESERIES_TABLE } = config.variables;
const meter = new CacheMeter();

function recordCalls({ queries, buckets }: PollOutcome, below: Context): void {
  const kind = SpanKind.CLIENT;
  for (const { sentiment, itemCount, startedAt, endedAt, error } of queries) {
    const attributes = {
      ...dynamodb([DATABASE_TABLE], "Query"),
      sentiment_type: sentiment,
      item_count: itemCount,
    };
    recordSpan(STREAM_SPANS.querySentiment, { kind, startedAt, endedAt, error, attributes }, below);
  }
  if (buckets === undefined) return;
  const attributes = dynamodb([TIMESERIES_TABLE], "BatchGetItem");
  recordSpan(STREAM_SPANS.call, { kind, ...buckets, attributes }, below);
}

/** Puts a poll on record: in a span with one for each call, or among those that changed nothing. */
export function recordPoll(outcome: PollOutcome, feed: Feed, scope: PollScope): void {
  const { startedAt, durationMs, hit, queries, buckets, changed, error } = outcome;
  const endedAt = Date.now();
  const itemCount = queries.reduce((sum, query) => sum + query.itemCount, 0);
  const corruptCount = queries.reduce((sum, query) => sum + query.corruptCount, 0);
  const figures = error === undefined ? meter.note(feed, hit, endedAt) : undefined;
  const steady = changed === 0 && buckets === undefined && corruptCount === 0 && figures === undefined;
  if (steady && error === undefined) {
    scope.steady.add({ startedAt, endedAt, itemCount, durationMs, cacheHit: hit });
    return;
  }
  scope.steady.settle();
  const attributes = {
    item_count: itemCount,
    changed_count: changed,
    poll_duration_ms: durationMs,
    cache_hit: hit,
    ...(corruptCount === 0 ? {} : { corrupt_count: corruptCount }),
    ...(figures === undefined ? {} : { ...figures, is_cold_start: scope.coldStart }),
  };
  // Its calls have spans of their own, so it is none itself (SSE-D2).
  const below = recordSpan(STREAM_SPANS.poll, { startedAt, endedAt, error, attributes }, scope.inside);
  recordCalls(outcome, below);
}
