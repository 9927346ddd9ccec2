import { setTimeout as sleep } from "node:timers/promises";
import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { tables } from "./clients";
import { config } from "./settings";
import type { Step, StepEvent } from "./step";

/** A bucket event. */
export type BucketEvent = Extract<StepEvent, { kind: "bucket" }>;

/** A row of the timeseries table. */
export type Bucket = Readonly<Record<string, unknown>>;

/** Keys DynamoDB takes in one call (BatchGetItem). */
const KEYS_PER_CALL = 100;
/** Tries of keys DynamoDB leaves unprocessed, with doubling pauses from 50 ms. */
const ATTEMPTS = 5;

/** Identifies a bucket's row. */
export function bucketKey({ ticker, resolution, start }: BucketEvent): { PK: string; SK: string } {
  return { PK: `${ticker}#${resolution}`, SK: new Date(start).toISOString() };
}

function textOf({ PK, SK }: Readonly<Record<string, unknown>>): string {
  return `${PK} ${SK}`;
}

async function batch(keys: readonly { PK: string; SK: string }[]): Promise<readonly Bucket[]> {
  const table = config.variables.TIMESERIES_TABLE;
  const found: Bucket[] = [];
  let wanted: Record<string, unknown>[] = [...keys];
  for (let attempt = 0; wanted.length > 0; attempt += 1) {
    if (attempt === ATTEMPTS)
      throw new Error(`${wanted.length} buckets stayed unprocessed by BatchGetItem (D23).`);
    if (attempt > 0) await sleep(25 * 2 ** attempt);
    const { Responses, UnprocessedKeys } = await tables().send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[table] ?? []));
    wanted = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
}

/** The rows of a step are read once, for all streams of the environment. */
const known = new WeakMap<Step, Promise<ReadonlyMap<BucketEvent, Bucket>>>();

/** Rows of buckets, and whether DynamoDB was asked for them now. */
export interface BucketRows {
  readonly rows: ReadonlyMap<BucketEvent, Bucket>;
  readonly read: boolean;
}

/**
 * The rows of all bucket events of some steps; a bucket without a row is left out.
 *
 * @throws whatever DynamoDB answers; Error when it keeps leaving keys unprocessed
 */
export async function bucketsOf(steps: readonly Step[]): Promise<BucketRows> {
  const unknown = steps.filter((step) => !known.has(step));
  if (unknown.length > 0) {
    const reading = readBuckets(
      unknown.flatMap(({ events }) =>
        events.flatMap((event): BucketEvent[] => (event.kind === "bucket" ? [event] : [])),
      ),
    );
    for (const step of unknown) known.set(step, reading);
    reading.catch(() => {
      for (const step of unknown) known.delete(step);
    });
  }
  const found = await Promise.all(new Set(steps.map((step) => known.get(step))));
  return { rows: new Map(found.flatMap((rows) => [...(rows ?? [])])), read: unknown.length > 0 };
}

async function readBuckets(events: readonly BucketEvent[]): Promise<ReadonlyMap<BucketEvent, Bucket>> {
  const keys = [...new Map(events.map((event) => [textOf(bucketKey(event)), bucketKey(event)])).values()];
  const rows = new Map<string, Bucket>();
  for (let start = 0; start < keys.length; start += KEYS_PER_CALL) {
    for (const row of await batch(keys.slice(start, start + KEYS_PER_CALL))) rows.set(textOf(row), row);
  }
  return new Map(
    events.flatMap((event) => {
      const row = rows.get(textOf(bucketKey(event)));
      return row === undefined ? [] : [[event, row] as const];
    }),
  );
}
