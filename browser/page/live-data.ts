import { STREAM_EVENTS } from "../../contract/streaming";
import type { StreamEvent } from "../stream-event";

/** The sentiment of a ticker, as an event tells it. */
export interface TickerSentiment {
  readonly kind: "ticker";
  readonly ticker: string;
  /** −1 to 1. */
  readonly score: number;
  readonly label: string;
  readonly count: number;
}

/** How many articles there are. */
export interface ArticleCounts {
  readonly kind: "counts";
  readonly total: number;
  readonly positive: number;
  readonly neutral: number;
  readonly negative: number;
}

/** What an event means to the page. */
export interface Reading {
  readonly data?: TickerSentiment | ArticleCounts;
  /** When what it tells came about, milliseconds since 1970. */
  readonly originAt?: number;
}

function numbers<K extends string>(
  from: Readonly<Record<string, unknown>>,
  keys: readonly K[],
): Record<K, number> | undefined {
  const found = keys.map((key): [K, unknown] => [key, from[key]]);
  return found.every(([, value]) => typeof value === "number" && Number.isFinite(value))
    ? (Object.fromEntries(found) as Record<K, number>)
    : undefined;
}

function dataOf(event: string, fields: Readonly<Record<string, unknown>>): Reading["data"] {
  if (event === STREAM_EVENTS.metrics) {
    const counts = numbers(fields, ["total", "positive", "neutral", "negative"]);
    return counts && { kind: "counts", ...counts };
  }
  if (event !== STREAM_EVENTS.sentiment) return undefined;
  const { ticker, label } = fields;
  const figures = numbers(fields, ["score", "count"]);
  if (typeof ticker !== "string" || typeof label !== "string" || figures === undefined) return undefined;
  return { kind: "ticker", ticker, label, ...figures };
}

/** Reads an event of the stream. What cannot be read is nothing rather than an error: the next one comes soon. */
export function readingOf({ event, data }: StreamEvent): Reading {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return {};
  }
  if (typeof parsed !== "object" || parsed === null) return {};
  const fields: Readonly<Record<string, unknown>> = { ...parsed };
  const read = dataOf(event, fields);
  const originAt = Date.parse(String(fields["origin_timestamp"]));
  return {
    ...(read === undefined ? {} : { data: read }),
    ...(Number.isNaN(originAt) ? {} : { originAt }),
  };
}
