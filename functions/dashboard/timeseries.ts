import { QueryCommand, type QueryCommandOutput } from "@aws-sdk/lib-dynamodb";
import {
  check,
  description,
  isoTimestamp,
  maxLength,
  optional,
  picklist,
  pipe,
  string,
  transform,
} from "valibot";
import { RESOLUTIONS, type Resolution } from "../../contract/tables";
import { tables } from "../runtime/clients";
import { annotate } from "../runtime/tracing";
import type { Answer } from "./answer";
import { BriefCache } from "./brief-cache";
import { type Bucket, bucketOf, bucketStart, isOpen } from "./bucket";
import type { Call } from "./call";
import { cursorAfter, positionOf } from "./cursor";
import { ticker, wholeNumber } from "./fields";
import { type Fields, readParameters, readQuery } from "./input";
import { Problem } from "./problem";
import { config } from "./settings";

const MOST_BUCKETS = 1000;
const USUAL_BUCKETS = "100";
const KEEP_MS = 10_000;
/** A page may have a thousand buckets, so they must not fill the memory. */
const PAGES_KEPT = 50;
const CURSOR_LENGTH = 128;

const instant = pipe(
  string(),
  isoTimestamp(),
  transform(Date.parse),
  // The form alone lets a 31st of February through.
  check((time) => !Number.isNaN(time)),
  description("an instant like 2026-01-31T09:30:00Z"),
);
const resolutions = Object.keys(RESOLUTIONS) as [Resolution, ...Resolution[]];

const ENTRIES = {
  resolution: optional(pipe(picklist(resolutions), description(`one of ${resolutions.join(", ")}`)), "1h"),
  start: optional(instant),
  end: optional(instant),
  limit: optional(wholeNumber(1, MOST_BUCKETS), USUAL_BUCKETS),
  cursor: optional(
    pipe(string(), maxLength(CURSOR_LENGTH), description("the next_cursor of an answer to this query")),
  ),
};

/** Buckets of a page, with one more when there is another page. */
type Page = readonly Bucket[];

const cache = new BriefCache<Page>(KEEP_MS, PAGES_KEPT);

/** What to read of a ticker's buckets; sort keys as {@link bucketStart} makes them. */
interface Range {
  readonly key: string;
  readonly resolution: Resolution;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

async function read({ key, from, to, limit }: Range): Promise<Page> {
  const buckets: Bucket[] = [];
  let start: QueryCommandOutput["LastEvaluatedKey"];
  // DynamoDB refuses a range that ends before it begins.
  if (from > to) return buckets;
  do {
    const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await tables().send(
      new QueryCommand({
        TableName: config.variables.TIMESERIES_TABLE,
        KeyConditionExpression: "PK = :key AND SK BETWEEN :from AND :to",
        ExpressionAttributeValues: { ":key": key, ":from": from, ":to": to },
        Limit: limit + 1 - buckets.length,
        ExclusiveStartKey: start,
      }),
    );
    buckets.push(...Items.flatMap((item) => bucketOf(item) ?? []));
    start = LastEvaluatedKey;
  } while (start !== undefined && buckets.length <= limit);
  return buckets;
}

/** Where to begin: at the bucket of `start`, or right after the row a cursor stands for. */
function beginning(start: string, cursor: string | undefined, identity: string): string {
  if (cursor === undefined) return start;
  const position = positionOf(cursor, identity);
  if (position === undefined) {
    const expected = "the next_cursor of an answer to this query";
    throw new Problem("invalid-request", `cursor must be ${expected}.`, {
      errors: [{ field: "cursor", expected }],
    });
  }
  // Sort keys are ISO 8601 to the millisecond, so the next one is "after".
  const next = new Date(Date.parse(position) + 1).toISOString();
  return next > start ? next : start;
}

function rangeOf(symbol: string, query: Fields<typeof ENTRIES>, identity: string, now: number): Range {
  const {
    resolution,
    limit,
    cursor,
    end = now,
    start = now - RESOLUTIONS[resolution].keepSeconds * 1000,
  } = query;
  if (start > end) throw new Problem("invalid-request", "start must not be after end.");
  const from = beginning(bucketStart(start, resolution), cursor, identity);
  return { key: `${symbol}#${resolution}`, resolution, from, to: new Date(end).toISOString(), limit };
}

/** Sentiment of a ticker over time, oldest bucket first; the bucket of this moment stands apart. */
export async function timeseries(call: Call): Promise<Answer> {
  const { ticker: symbol } = readParameters(call, { ticker });
  const query = readQuery(call.request, ENTRIES);
  const now = Date.now();
  const { resolution } = query;
  const identity = [symbol, resolution, query.start ?? "", query.end ?? ""].join(" ");
  const range = rangeOf(symbol, query, identity, now);
  const started = performance.now();
  const key = [identity, query.cursor ?? "", range.limit].join(" ");
  const { value, hit } = await cache.get(key, () => read(range), now);
  annotate("cache_hit", hit);
  const page = value.slice(0, range.limit);
  const last = page.at(-1);
  const more = value.length > page.length && last !== undefined;
  const shown = page.map((bucket) => ({ ...bucket, is_partial: isOpen(bucket, resolution, now) }));
  const current = bucketStart(now, resolution);
  return {
    status: 200,
    body: {
      ticker: symbol,
      resolution,
      buckets: shown.filter(({ start }) => start !== current),
      partial_bucket: shown.find(({ start }) => start === current) ?? null,
      cache_hit: hit,
      query_time_ms: hit ? 0 : Math.round(performance.now() - started),
      next_cursor: more ? cursorAfter(last.start, identity) : null,
      has_more: more,
    },
  };
}
