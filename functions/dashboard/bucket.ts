import { fallback, type InferOutput, isoTimestamp, number, object, pipe, safeParse, string } from "valibot";
import { RESOLUTIONS, type Resolution } from "../../contract/tables";
import type { Sentiment } from "../runtime/sentiment";

/** A label without an article has no counter. */
const counter = fallback(number(), 0);

const Row = object({
  SK: pipe(string(), isoTimestamp()),
  open: number(),
  high: number(),
  low: number(),
  close: number(),
  count: number(),
  sum: number(),
  label_positive: counter,
  label_neutral: counter,
  label_negative: counter,
});

/** Sentiment of a ticker over one stretch of time; scores from -1 to 1 (D11). */
export interface Bucket {
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Articles in it. */
  readonly count: number;
  /** Of their scores. */
  readonly sum: number;
  /** Mean of their scores. */
  readonly score: number;
  readonly label_counts: Readonly<Record<Sentiment, number>>;
}

/** The start of the bucket an instant falls into, in the one form keys are written in. */
export function bucketStart(instant: number, resolution: Resolution): string {
  const width = RESOLUTIONS[resolution].widthSeconds * 1000;
  return new Date(Math.floor(instant / width) * width).toISOString();
}

function labelCounts(row: InferOutput<typeof Row>): Readonly<Record<Sentiment, number>> {
  return { positive: row.label_positive, neutral: row.label_neutral, negative: row.label_negative };
}

/** A row of the timeseries table for people to read; `undefined` when it is corrupt. */
export function bucketOf(item: unknown): Bucket | undefined {
  const row = safeParse(Row, item);
  if (!row.success) return undefined;
  const { SK: start, open, high, low, close, count, sum } = row.output;
  // Four decimals, as scores have.
  const score = count === 0 ? 0 : Math.round((sum / count) * 10_000) / 10_000;
  return { start, open, high, low, close, count, sum, score, label_counts: labelCounts(row.output) };
}

/** Whether a bucket's time is not over. By the clock: the row knows only what was true when it was written. */
export function isOpen({ start }: Bucket, resolution: Resolution, now: number): boolean {
  return Date.parse(start) + RESOLUTIONS[resolution].widthSeconds * 1000 > now;
}
