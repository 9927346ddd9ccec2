import { setTimeout as sleep } from "node:timers/promises";
import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import {
  array,
  fallback,
  type InferOutput,
  isoTimestamp,
  object,
  pipe,
  regex,
  safeParse,
  string,
} from "valibot";
import { tables } from "../runtime/clients";
import type { Analyzed } from "./analyzed";
import { config } from "./settings";

/** What a person reads of an article. */
export interface Article {
  readonly source_id: string;
  readonly headline: string;
  /** Where it was published; empty when that is no address of a page. */
  readonly source_url: string;
  readonly text_snippet: string;
  /** Vendors that delivered it. */
  readonly sources: readonly string[];
  readonly matched_tickers: readonly string[];
  readonly sentiment: string;
  /** -1 to 1 (D11). */
  readonly score: number;
  /** ISO 8601, UTC. */
  readonly published_at: string;
  /** ISO 8601, UTC. */
  readonly analyzed_at: string;
}

const Row = object({
  source_id: string(),
  timestamp: string(),
  headline: string(),
  // A vendor's, and so not to be clicked unless it leads to a page.
  source_url: fallback(pipe(string(), regex(/^https?:\/\//)), ""),
  text_snippet: fallback(string(), ""),
  sources: fallback(array(string()), []),
  published_at: pipe(string(), isoTimestamp()),
});

/** By placeholder, because DynamoDB reserves some of the names. */
const NAMES = Object.fromEntries(Object.keys(Row.entries).map((name) => [`#${name}`, name]));
/** The full text stays in the table. */
const ONLY_SHOWN = {
  ProjectionExpression: Object.keys(NAMES).join(", "),
  ExpressionAttributeNames: NAMES,
};

/** Keys DynamoDB takes in one call (BatchGetItem). */
const KEYS_PER_CALL = 100;
/** Tries of keys DynamoDB leaves unprocessed, with doubling pauses from 50 ms. */
const ATTEMPTS = 5;

/** DynamoDB leaves keys unprocessed when it is throttled, and says nothing else. */
const UNPROCESSED = { name: "ThrottlingException" };

async function batch(keys: readonly Record<string, unknown>[]): Promise<readonly Record<string, unknown>[]> {
  const table = config.variables.DATABASE_TABLE;
  const rows: Record<string, unknown>[] = [];
  let wanted: Record<string, unknown>[] = [...keys];
  for (let attempt = 0; wanted.length > 0; attempt += 1) {
    if (attempt === ATTEMPTS)
      throw Object.assign(new Error(`${wanted.length} articles stayed unprocessed.`), UNPROCESSED);
    if (attempt > 0) await sleep(25 * 2 ** attempt);
    const { Responses, UnprocessedKeys } = await tables().send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ...ONLY_SHOWN } } }),
    );
    rows.push(...(Responses?.[table] ?? []));
    wanted = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return rows;
}

function keyOf({ source_id, timestamp }: { readonly source_id: string; readonly timestamp: string }): string {
  return `${source_id} ${timestamp}`;
}

/**
 * The articles with what the index does not carry, in the same order; one that has expired meanwhile is left out.
 *
 * @throws whatever DynamoDB answers, a throttle when it keeps leaving keys unprocessed
 */
export async function withHeadlines(articles: readonly Analyzed[]): Promise<readonly Article[]> {
  const rows = new Map<string, InferOutput<typeof Row>>();
  for (let start = 0; start < articles.length; start += KEYS_PER_CALL) {
    const keys = articles
      .slice(start, start + KEYS_PER_CALL)
      .map(({ source_id, timestamp }) => ({ source_id, timestamp }));
    for (const item of await batch(keys)) {
      const row = safeParse(Row, item);
      if (row.success) rows.set(keyOf(row.output), row.output);
    }
  }
  return articles.flatMap((article) => {
    const row = rows.get(keyOf(article));
    if (row === undefined) return [];
    const { timestamp: _, ...shown } = row;
    const { matched_tickers, sentiment, score, analyzed_at } = article;
    return [{ ...shown, matched_tickers, sentiment, score, analyzed_at }];
  });
}
