import { optional } from "valibot";
import { SENTIMENTS, type Sentiment } from "../runtime/sentiment";
import { annotate } from "../runtime/tracing";
import { type Analyzed, analyzedArticles } from "./analyzed";
import type { Answer } from "./answer";
import { BriefCache } from "./brief-cache";
import type { UserCall } from "./call";
import { wholeNumber } from "./fields";
import { type Article, withHeadlines } from "./headlines";
import { readQuery } from "./input";

const HOUR_MS = 3_600_000;
const MOST_HOURS = 168;
const DAY_HOURS = 24;
/** As many tickers as the stream's counts have. */
const MOST_TAGS = 50;
const RECENT_ITEMS = 10;
const KEEP_MS = 30_000;

const ENTRIES = { hours: optional(wholeNumber(1, MOST_HOURS), String(DAY_HOURS)) };

/** Counts over the articles analyzed in the last while, by the names the stream gives them. */
interface NewsMetrics extends Readonly<Record<Sentiment, number>> {
  readonly hours: number;
  readonly total: number;
  /** Articles by ticker, the most frequent tickers first. */
  readonly by_tag: Readonly<Record<string, number>>;
  readonly rate_last_hour: number;
  readonly rate_last_24h: number;
  readonly recent_items: readonly Article[];
  /** True when there were too many articles to count them all. */
  readonly truncated: boolean;
  /** When it was counted, ISO 8601, UTC. */
  readonly timestamp: string;
}

const cache = new BriefCache<NewsMetrics>(KEEP_MS, MOST_HOURS);

function countsBySentiment(articles: readonly Analyzed[]): Record<Sentiment, number> {
  const counts = { positive: 0, neutral: 0, negative: 0 };
  for (const { sentiment } of articles) counts[sentiment] += 1;
  return counts;
}

function countsByTicker(articles: readonly Analyzed[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { matched_tickers } of articles) {
    for (const ticker of new Set(matched_tickers)) counts.set(ticker, (counts.get(ticker) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  return Object.fromEntries(sorted.slice(0, MOST_TAGS));
}

async function measure(hours: number, now: number): Promise<NewsMetrics> {
  const since = now - Math.max(hours, DAY_HOURS) * HOUR_MS;
  const { articles, truncated } = await analyzedArticles({ sentiments: SENTIMENTS, since, tickers: [] });
  const ofLast = (count: number) => {
    const start = new Date(now - count * HOUR_MS).toISOString();
    return articles.filter(({ analyzed_at }) => analyzed_at >= start);
  };
  const counted = ofLast(hours);
  return {
    hours,
    total: counted.length,
    ...countsBySentiment(counted),
    by_tag: countsByTicker(counted),
    rate_last_hour: ofLast(1).length,
    rate_last_24h: ofLast(DAY_HOURS).length,
    recent_items: await withHeadlines(counted.slice(0, RECENT_ITEMS)),
    truncated,
    timestamp: new Date(now).toISOString(),
  };
}

/** Counts, rates and the latest articles of a while; half a minute old at most. */
export async function metrics({ request }: UserCall): Promise<Answer> {
  const { hours } = readQuery(request, ENTRIES);
  const now = Date.now();
  const { value, hit } = await cache.get(String(hours), () => measure(hours, now), now);
  annotate("cache_hit", hit);
  return { status: 200, body: { ...value, cache_hit: hit } };
}
