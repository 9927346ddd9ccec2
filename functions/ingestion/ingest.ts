import { SPANS } from "../../contract/spans";
import type { Runtime } from "../runtime/handler";
import { annotate, traced } from "../runtime/tracing";
import type { ActiveTickers } from "./active-tickers";
import { collisionRate } from "./article";
import { collectNews } from "./collect";
import type { VendorNews } from "./fetch-vendor";
import { type AnalysisRequest, publishRequests } from "./publish";
import { healPending } from "./self-healing";
import { storeArticle } from "./store";

/** What a run did; 207 when a vendor's news is missing. */
export interface RunResult {
  readonly statusCode: 200 | 207;
  readonly fetched: number;
  readonly created: number;
  readonly updated: number;
  readonly duplicates: number;
  readonly published: number;
  readonly selfHealed: number;
}

/** What storing a run's articles came to. */
interface StoredNews {
  readonly created: AnalysisRequest[];
  updated: number;
  duplicates: number;
}

async function storeBatch(
  { config }: Runtime<"ingestion">,
  { vendor, articles }: VendorNews,
  now: number,
  stored: StoredNews,
): Promise<void> {
  const { DATABASE_TABLE, MODEL_VERSION } = config.variables;
  const store = async (): Promise<void> => {
    const known = stored.duplicates;
    for (const article of articles) {
      const result = await storeArticle(article, DATABASE_TABLE, MODEL_VERSION, now);
      if (result.outcome === "created") stored.created.push(result.request);
      else if (result.outcome === "updated") stored.updated += 1;
      else stored.duplicates += 1;
    }
    annotate("duplicate_count", stored.duplicates - known);
  };
  await traced(SPANS.storeArticles, store, { vendor, article_count: articles.length });
}

/**
 * One ingestion run: fetch, store, ask for analysis, heal.
 *
 * @param startedAt epoch milliseconds
 * @param remainingMs milliseconds the invocation has left
 * @throws when tickers, all keys, or a table cannot be had; what was stored until then has been published
 */
export async function ingest(
  runtime: Runtime<"ingestion">,
  activeTickers: ActiveTickers,
  startedAt: number,
  remainingMs: () => number,
): Promise<RunResult> {
  const { config, metrics, silentFailures } = runtime;
  const tickers = await activeTickers.load(startedAt);
  const { news, degraded } =
    tickers.length > 0 ? await collectNews(runtime, tickers, startedAt) : { news: [], degraded: false };
  const stored: StoredNews = { created: [], updated: 0, duplicates: 0 };
  let published = 0;
  try {
    for (const batch of news) await storeBatch(runtime, batch, startedAt, stored);
  } finally {
    // Also when the table failed half-way: what it took must not wait an hour for self-healing.
    metrics.emit("NewItemsIngested", stored.created.length);
    published = await publishRequests(stored.created, config.variables.SNS_TOPIC_ARN, silentFailures);
  }
  const rate = degraded ? undefined : collisionRate(news.map(({ articles }) => articles));
  if (rate !== undefined) metrics.emit("CollisionRate", rate);
  const { republished } = await healPending(runtime, startedAt, remainingMs);
  return {
    statusCode: degraded ? 207 : 200,
    fetched: news.reduce((sum, { articles }) => sum + articles.length, 0),
    created: stored.created.length,
    updated: stored.updated,
    duplicates: stored.duplicates,
    published,
    selfHealed: republished,
  };
}
