import { QueryCommand, type QueryCommandOutput } from "@aws-sdk/lib-dynamodb";
import {
  array,
  type InferOutput,
  isoTimestamp,
  maxValue,
  minValue,
  number,
  object,
  pipe,
  safeParse,
  string,
} from "valibot";
import { tables } from "../runtime/clients";
import type { Sentiment } from "../runtime/sentiment";
import { config } from "./settings";

const Row = object({
  source_id: string(),
  timestamp: string(),
  score: pipe(number(), minValue(-1), maxValue(1)),
  matched_tickers: array(string()),
  analyzed_at: pipe(string(), isoTimestamp()),
});

/** An analyzed article as the index `by_sentiment` holds it; `score` from -1 to 1 (D11). */
export type Analyzed = InferOutput<typeof Row> & { readonly sentiment: Sentiment };

/** Which analyzed articles to look for. */
export interface Search {
  readonly sentiments: readonly Sentiment[];
  /** Epoch milliseconds; everything kept when absent. */
  readonly since?: number;
  /** Upper case; articles about any of them (D1), all articles when empty. */
  readonly tickers: readonly string[];
  /** Most articles per sentiment; all when absent. */
  readonly most?: number;
}

/** What was found, newest analysis first. */
export interface Found {
  readonly articles: readonly Analyzed[];
  /** True when there may be more, older ones that were not looked at. */
  readonly truncated: boolean;
}

/** Pages of a megabyte that one query may read, which is some twenty thousand articles. */
const MOST_PAGES = 4;

function page(search: Search, sentiment: Sentiment, from: QueryCommandOutput["LastEvaluatedKey"]) {
  const { tickers, since = 0, most } = search;
  const names = tickers.map((_, index) => `contains(matched_tickers, :ticker${index})`);
  return tables().send(
    new QueryCommand({
      TableName: config.variables.DATABASE_TABLE,
      IndexName: "by_sentiment",
      KeyConditionExpression: "sentiment = :sentiment AND analyzed_at >= :since",
      ...(tickers.length > 0 ? { FilterExpression: names.join(" OR ") } : {}),
      ExpressionAttributeValues: {
        ":sentiment": sentiment,
        ":since": new Date(since).toISOString(),
        ...Object.fromEntries(tickers.map((one, index) => [`:ticker${index}`, one])),
      },
      ScanIndexForward: false,
      // A filter works on what was read, so that a limit would find nothing at all among other tickers' articles.
      ...(most !== undefined && tickers.length === 0 ? { Limit: most } : {}),
      ExclusiveStartKey: from,
    }),
  );
}

async function searchOne(search: Search, sentiment: Sentiment): Promise<Found> {
  const { most = Number.POSITIVE_INFINITY } = search;
  const articles: Analyzed[] = [];
  let from: QueryCommandOutput["LastEvaluatedKey"];
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const { Items = [], LastEvaluatedKey } = await page(search, sentiment, from);
    for (const item of Items) {
      const row = safeParse(Row, item);
      if (row.success) articles.push({ ...row.output, sentiment });
    }
    if (articles.length >= most) return { articles: articles.slice(0, most), truncated: false };
    if (LastEvaluatedKey === undefined) return { articles, truncated: false };
    from = LastEvaluatedKey;
  }
  return { articles, truncated: true };
}

/**
 * The analyzed articles that fit, newest analysis first; rows that cannot be read are left out.
 *
 * @throws whatever DynamoDB answers
 */
export async function analyzedArticles(search: Search): Promise<Found> {
  const found = await Promise.all(search.sentiments.map((sentiment) => searchOne(search, sentiment)));
  const articles = found.flatMap((one) => one.articles);
  articles.sort((a, b) => (a.analyzed_at < b.analyzed_at ? 1 : a.analyzed_at > b.analyzed_at ? -1 : 0));
  return {
    articles: search.most === undefined ? articles : articles.slice(0, search.most),
    truncated: found.some(({ truncated }) => truncated),
  };
}
