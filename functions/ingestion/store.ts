import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { ITEM_KEEP_SECONDS } from "../../contract/tables";
import { tables } from "../runtime/clients";
import { type Article, dedupKey, normalizedHeadline, publishDate } from "./article";
import type { AnalysisRequest } from "./publish";

/** What became of an article: stored for the first time, seen at a second vendor, or known already. */
export type Stored =
  | { readonly outcome: "created"; readonly request: AnalysisRequest }
  | { readonly outcome: "updated" }
  | { readonly outcome: "duplicate" };

/** Characters kept for scoring; the score reads fewer. */
const TEXT_LENGTH = 2000;
const SNIPPET_LENGTH = 200;
/** Another writer can win between read and write; it cannot win for ever. */
const ATTEMPTS = 4;

function isLostRace(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/**
 * Stores an article once, whichever vendors deliver it and however many runs see it.
 *
 * Read first, then write on condition: nearly every article of a run is known already, and a condition that fails
 * would be a fault on the trace each time. A lost race is tried again, four times at most.
 *
 * @param table name of the items table
 * @param modelVersion lexicon version for the analysis request
 * @param now epoch milliseconds, becomes `created_at`
 * @throws when the table refuses, or all attempts lost their race
 */
export async function storeArticle(
  article: Article,
  table: string,
  modelVersion: string,
  now: number,
): Promise<Stored> {
  const key = { source_id: `dedup:${dedupKey(article)}`, timestamp: publishDate(article) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const read = new GetCommand({ TableName: table, Key: key, ConsistentRead: true });
      const { Item } = await tables().send(read);
      if (Item === undefined) return await create(article, key, table, modelVersion, now);
      const sources: unknown = Item["sources"];
      if (Array.isArray(sources) && sources.includes(article.vendor)) return { outcome: "duplicate" };
      return await addVendor(article, key, table, now);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isLostRace(error)) throw error;
    }
  }
}

/** Key of an item: a hash, and the UTC publish date (D10). */
interface ItemKey {
  readonly source_id: string;
  readonly timestamp: string;
}

function attribution(article: Article): Record<string, string> {
  return { url: article.url, published_at: article.publishedAt.toISOString() };
}

async function create(
  article: Article,
  key: ItemKey,
  table: string,
  modelVersion: string,
  now: number,
): Promise<Stored> {
  const text = `${article.headline}. ${article.description}`.slice(0, TEXT_LENGTH);
  const createdAt = new Date(now).toISOString();
  const item = {
    ...key,
    dedup_key: key.source_id.slice("dedup:".length),
    headline: article.headline,
    normalized_headline: normalizedHeadline(article.headline),
    source_url: article.url,
    text_snippet: article.description.slice(0, SNIPPET_LENGTH),
    text_for_analysis: text,
    status: "pending",
    matched_tickers: article.tickers,
    sources: [article.vendor],
    source_attribution: { [article.vendor]: attribution(article) },
    published_at: article.publishedAt.toISOString(),
    created_at: createdAt,
    updated_at: createdAt,
    ttl_timestamp: Math.floor(now / 1000) + ITEM_KEEP_SECONDS,
  };
  await tables().send(
    new PutCommand({ TableName: table, Item: item, ConditionExpression: "attribute_not_exists(source_id)" }),
  );
  const request = {
    source_id: item.source_id,
    timestamp: item.timestamp,
    source_type: article.vendor,
    sources: item.sources,
    text_for_analysis: text,
    model_version: modelVersion,
    matched_tickers: item.matched_tickers,
    published_at: item.published_at,
    created_at: createdAt,
  };
  return { outcome: "created", request };
}

async function addVendor(article: Article, key: ItemKey, table: string, now: number): Promise<Stored> {
  await tables().send(
    new UpdateCommand({
      TableName: table,
      Key: key,
      UpdateExpression:
        "SET sources = list_append(sources, :list), source_attribution.#vendor = :attribution, updated_at = :now",
      ConditionExpression: "attribute_exists(source_id) AND NOT contains(sources, :vendor)",
      ExpressionAttributeNames: { "#vendor": article.vendor },
      ExpressionAttributeValues: {
        ":list": [article.vendor],
        ":vendor": article.vendor,
        ":attribution": attribution(article),
        ":now": new Date(now).toISOString(),
      },
    }),
  );
  return { outcome: "updated" };
}
