import { createHash } from "node:crypto";
import { ITEM_KEEP_SECONDS } from "../../contract/tables";
import type { Vendor } from "../../contract/vendors";

/** A news article as a vendor delivered it, validated. */
export interface Article {
  readonly vendor: Vendor;
  readonly headline: string;
  readonly description: string;
  readonly url: string;
  readonly publishedAt: Date;
  /** Watched tickers it is about, upper case. */
  readonly tickers: readonly string[];
}

/** Vendors' clocks run ahead of ours by minutes, not by more. */
const CLOCK_SKEW_MS = 10 * 60_000;

/**
 * Whether a publish date can be right: not in the future, and not so old that the item would expire on arrival.
 *
 * @param now epoch milliseconds
 */
export function isPlausibleDate(date: Date, now: number): boolean {
  const time = date.getTime();
  return time <= now + CLOCK_SKEW_MS && time >= now - ITEM_KEEP_SECONDS * 1000;
}

/** A headline reduced to its words, so that punctuation, case and spacing of the vendors do not matter. */
export function normalizedHeadline(headline: string): string {
  return headline
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The UTC date an article was published, `YYYY-MM-DD`. */
export function publishDate(article: Pick<Article, "publishedAt">): string {
  return article.publishedAt.toISOString().slice(0, 10);
}

/**
 * What makes two articles the same story: headline and UTC publish date. The vendors' instants differ by minutes, so
 * the date and not the instant is part of the key, here and in the table (D10).
 *
 * @returns 32 hexadecimal digits
 */
export function dedupKey(article: Pick<Article, "headline" | "publishedAt">): string {
  const story = `${normalizedHeadline(article.headline)}|${publishDate(article)}`;
  return createHash("sha256").update(story).digest("hex").slice(0, 32);
}

/** Least number of distinct articles for which a share means something (FR-133). */
const ENOUGH_TO_COMPARE = 20;

/**
 * The share of distinct articles that both vendors delivered, 0 to 1.
 *
 * @returns `undefined` unless both answered and at least 20 distinct articles were compared
 */
export function collisionRate(batches: readonly (readonly Article[])[]): number | undefined {
  const [one, other] = batches.map((articles) => new Set(articles.map(dedupKey)));
  if (one === undefined || other === undefined) return undefined;
  const distinct = new Set([...one, ...other]).size;
  if (distinct < ENOUGH_TO_COMPARE) return undefined;
  return (one.size + other.size - distinct) / distinct;
}
