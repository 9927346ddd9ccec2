import { type Context, SpanKind } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../contract/spans";
import { recordSpan } from "../runtime/streaming-tracing/span";
import type { SteadyPolls } from "../runtime/streaming-tracing/steady-polls";
import type { Query } from "./articles";
import { type Bucket, bucketsOf } from "./buckets";
import { CacheMeter } from "./cache-figures";
import { Feed, PollError } from "./feed";
import { type EventFilter, passes } from "./filter";
import type { Position } from "./position";
import { config } from "./settings";
import type { Step, StepEvent } from "./step";
import type { StreamMetrics } from "./stream-metrics";

/** The process's one feed. */
export const feed = new Feed();
const meter = new CacheMeter(feed);

/** An event of a stream, and the position reached with it. */
export interface Numbered {
  readonly event: StepEvent;
  readonly position: Position;
  readonly step: Step;
  /** The bucket's row, for a bucket event that has one. */
  readonly bucket?: Bucket | undefined;
}

/** What a poll runs in. */
export interface PollScope {
  /** Context of the stream's own span. */
  readonly inside: Context;
  readonly steady: SteadyPolls;
  readonly metrics: StreamMetrics;
  readonly coldStart: boolean;
}

/** What of the steps after a position, up to one, passes a filter. */
function pending(after: Position, target: number, filter: EventFilter): readonly Numbered[] {
  return feed.after(after, target).flatMap((step) =>
    step.events.flatMap((event, index) => {
      const position = { step: step.end, n: index + 1 };
      if (step.end === after.step && position.n <= after.n) return [];
      return passes(filter, event) ? [{ event, position, step }] : [];
    }),
  );
}

async function withBuckets(numbered: readonly Numbered[]): Promise<readonly Numbered[]> {
  const steps = numbered.flatMap(({ event, step }) => (event.kind === "bucket" ? [step] : []));
  if (steps.length === 0) return numbered;
  const rows = await bucketsOf([...new Set(steps)]);
  return numbered.map((one) => (one.event.kind === "bucket" ? { ...one, bucket: rows.get(one.event) } : one));
}

const dynamodb = (names: readonly string[]) => ({
  "db.system": "dynamodb",
  "rpc.system": "aws-api",
  "rpc.service": "DynamoDB",
  "aws.dynamodb.table_names": [...names],
});

interface Outcome {
  readonly startedAt: number;
  readonly hit: boolean;
  readonly queries: readonly Query[];
  readonly numbered: readonly Numbered[];
  readonly error?: unknown;
}

/** Puts a poll on record, unless it changed nothing and nothing else is worth a span of its own. */
function record({ startedAt, hit, queries, numbered, error }: Outcome, scope: PollScope): void {
  const endedAt = Date.now();
  const itemCount = queries.reduce((sum, query) => sum + query.itemCount, 0);
  const corruptCount = queries.reduce((sum, query) => sum + query.corruptCount, 0);
  const figures = error === undefined ? meter.note(hit, endedAt) : undefined;
  const readBucketRows = numbered.some(({ event }) => event.kind === "bucket");
  if (numbered.length === 0 && corruptCount === 0 && error === undefined && figures === undefined) {
    scope.steady.add({ startedAt, endedAt, itemCount, cacheHit: hit });
    return;
  }
  scope.steady.settle();
  const { DATABASE_TABLE, TIMESERIES_TABLE } = config.variables;
  const names = [...(hit ? [] : [DATABASE_TABLE]), ...(readBucketRows ? [TIMESERIES_TABLE] : [])];
  const below = recordSpan(
    STREAM_SPANS.poll,
    {
      kind: names.length === 0 ? SpanKind.INTERNAL : SpanKind.CLIENT,
      startedAt,
      endedAt,
      error,
      attributes: {
        ...(names.length === 0 ? {} : dynamodb(names)),
        item_count: itemCount,
        changed_count: numbered.length,
        poll_duration_ms: endedAt - startedAt,
        cache_hit: hit,
        ...(corruptCount === 0 ? {} : { corrupt_count: corruptCount }),
        ...(figures === undefined ? {} : { ...figures, is_cold_start: scope.coldStart }),
      },
    },
    scope.inside,
  );
  for (const query of queries) {
    recordSpan(
      STREAM_SPANS.querySentiment,
      {
        kind: SpanKind.CLIENT,
        startedAt: query.startedAt,
        endedAt: query.endedAt,
        error: query.error,
        attributes: {
          ...dynamodb([DATABASE_TABLE]),
          "rpc.method": "Query",
          sentiment_type: query.sentiment,
          item_count: query.itemCount,
        },
      },
      below,
    );
  }
}

/**
 * Brings the feed up to a step and reads what a stream has not sent yet. The span is written afterwards, because only
 * then it is known whether the poll deserves one.
 *
 * @param target end of a settled step, milliseconds since 1970
 * @throws whatever DynamoDB answered; nothing is skipped, the next poll starts from the same position
 */
export async function poll(
  target: number,
  after: Position,
  filter: EventFilter,
  scope: PollScope,
): Promise<readonly Numbered[]> {
  const startedAt = Date.now();
  let hit = false;
  let queries: readonly Query[] = [];
  try {
    ({ hit, queries } = await feed.through(target));
    const numbered = await withBuckets(pending(after, target, filter));
    if (!hit) scope.metrics.emit("PollDurationMs", Date.now() - startedAt);
    record({ startedAt, hit, queries, numbered }, scope);
    return numbered;
  } catch (error) {
    scope.metrics.emit("StreamPollFailures", 1);
    const cause = error instanceof PollError ? error.cause : error;
    record(
      {
        startedAt,
        hit,
        queries: error instanceof PollError ? error.queries : queries,
        numbered: [],
        error: cause,
      },
      scope,
    );
    throw error;
  }
}
