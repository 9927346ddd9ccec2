import { QueryCommand, type QueryCommandOutput } from "@aws-sdk/lib-dynamodb";
import { SENTIMENTS, type Sentiment } from "../runtime/sentiment";
import { type Article, articleOf } from "./article";
import { tables } from "./clients";
import { config } from "./settings";

/** One query of the index, for its span; times in milliseconds since 1970. */
export interface Query {
  readonly sentiment: Sentiment;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly itemCount: number;
  /** Items left out because they could not be read. */
  readonly corruptCount: number;
  readonly error?: unknown;
}

/** What the three queries of a poll found. */
export interface Found {
  readonly articles: readonly Article[];
  readonly queries: readonly Query[];
}

async function pageOf(
  sentiment: Sentiment,
  after: number,
  until: number,
  from: QueryCommandOutput["LastEvaluatedKey"],
): Promise<QueryCommandOutput> {
  return tables().send(
    new QueryCommand({
      TableName: config.variables.DATABASE_TABLE,
      IndexName: "by_sentiment",
      // Sort keys are ISO 8601 to the millisecond, so BETWEEN with the next one is "after".
      KeyConditionExpression: "sentiment = :sentiment AND analyzed_at BETWEEN :after AND :until",
      ExpressionAttributeValues: {
        ":sentiment": sentiment,
        ":after": new Date(after + 1).toISOString(),
        ":until": new Date(until).toISOString(),
      },
      ExclusiveStartKey: from,
    }),
  );
}

async function query(
  sentiment: Sentiment,
  after: number,
  until: number,
): Promise<Query & { readonly articles: readonly Article[] }> {
  const startedAt = Date.now();
  const articles: Article[] = [];
  let itemCount = 0;
  let error: unknown;
  try {
    let from: QueryCommandOutput["LastEvaluatedKey"];
    do {
      const { Items = [], LastEvaluatedKey } = await pageOf(sentiment, after, until, from);
      itemCount += Items.length;
      articles.push(...Items.flatMap((item) => articleOf(item, sentiment) ?? []));
      from = LastEvaluatedKey;
    } while (from !== undefined);
  } catch (caught) {
    error = caught;
  }
  const corruptCount = itemCount - articles.length;
  return { sentiment, startedAt, endedAt: Date.now(), itemCount, corruptCount, articles, error };
}

/**
 * The articles analyzed after one instant and not after another, both in milliseconds since 1970. Queries that failed
 * say so in their `error`.
 */
export async function articlesBetween(after: number, until: number): Promise<Found> {
  const found = await Promise.all(SENTIMENTS.map((sentiment) => query(sentiment, after, until)));
  return {
    articles: found.flatMap(({ articles }) => articles),
    queries: found.map(({ articles: _, ...one }) => one),
  };
}
