import { STREAM_EVENTS, type StreamEventName } from "../../contract/streaming";
import { RESOLUTIONS } from "../../contract/tables";
import type { Bucket, BucketEvent } from "./buckets";
import type { Numbered } from "./poll";

/** An event as the client gets it, but for trace id and timestamp. */
export interface Payload {
  readonly name: StreamEventName;
  readonly data: Readonly<Record<string, unknown>>;
  /** When the change happened, milliseconds since 1970; `undefined` for counts, which sum up many. */
  readonly origin: number | undefined;
}

const FIGURES = ["open", "high", "low", "close", "count", "sum"] as const;

function figuresOf(row: Bucket | undefined): Readonly<Record<string, number>> {
  return Object.fromEntries(
    FIGURES.flatMap((name) => {
      const value = row?.[name];
      return typeof value === "number" ? [[name, value]] : [];
    }),
  );
}

/** When a bucket was last written; before it is read back, when its article was analyzed (D24). */
function lastWritten(row: Bucket | undefined, origin: number): number {
  const written = Date.parse(String(row?.["updated_at"]));
  return Number.isNaN(written) ? origin : written;
}

function bucketPayload(event: BucketEvent, row: Bucket | undefined, stepEnd: number): Payload {
  const { ticker, resolution, start } = event;
  const width = RESOLUTIONS[resolution].widthSeconds * 1000;
  const origin = lastWritten(row, event.origin);
  return {
    name: STREAM_EVENTS.bucket,
    origin,
    data: {
      ticker,
      resolution,
      bucket: { start: new Date(start).toISOString(), ...figuresOf(row) },
      progress_pct: Math.round(((stepEnd - start) / width) * 1000) / 10,
      is_partial: true,
      origin_timestamp: new Date(origin).toISOString(),
    },
  };
}

/** What to send for an event of a step. */
export function payloadOf({ event, bucket, step }: Numbered): Payload {
  if (event.kind === "metrics") {
    return { name: STREAM_EVENTS.metrics, data: { ...event.counts }, origin: undefined };
  }
  if (event.kind === "bucket") return bucketPayload(event, bucket, step.end);
  const { ticker, score, label, count, origin } = event;
  return {
    name: STREAM_EVENTS.sentiment,
    origin,
    data: {
      ticker,
      score,
      label,
      confidence: Math.abs(score),
      count,
      source: "aggregate",
      origin_timestamp: new Date(origin).toISOString(),
    },
  };
}
