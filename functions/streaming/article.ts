import type { Sentiment } from "../runtime/sentiment";

/** An analyzed article, as the index `by_sentiment` holds it. */
export interface Article {
  readonly id: string;
  readonly sentiment: Sentiment;
  /** −1 to 1, in millionths: whole numbers add up alike in every environment. */
  readonly microScore: number;
  readonly tickers: readonly string[];
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
  /** Milliseconds since 1970. */
  readonly analyzedAt: number;
}

function instant(value: unknown): number {
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}

/** Reads an item of the index; `undefined` when it is corrupt. */
export function articleOf(
  item: Readonly<Record<string, unknown>>,
  sentiment: Sentiment,
): Article | undefined {
  const { source_id: id, score, matched_tickers: tickers } = item;
  const publishedAt = instant(item["published_at"]);
  const analyzedAt = instant(item["analyzed_at"]);
  if (typeof id !== "string" || typeof score !== "number" || !Array.isArray(tickers)) return undefined;
  if (!(score >= -1 && score <= 1) || Number.isNaN(publishedAt) || Number.isNaN(analyzedAt)) return undefined;
  if (!tickers.every((ticker): ticker is string => typeof ticker === "string")) return undefined;
  return {
    id,
    sentiment,
    microScore: Math.round(score * 1e6),
    tickers: [...new Set(tickers)].sort(),
    publishedAt,
    analyzedAt,
  };
}
