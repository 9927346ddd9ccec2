import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { array, object, optional, parse, string } from "valibot";
import { SPANS } from "../../contract/spans";
import { tables } from "../runtime/clients";
import { annotate, traced } from "../runtime/tracing";

/** How long the list is kept, milliseconds; one schedule interval. */
const KEEP_MS = 5 * 60_000;

const Configuration = object({ tickers: optional(array(object({ symbol: string() })), []) });

/** The tickers some user watches. */
export class ActiveTickers {
  readonly #table: string;
  #cached: { readonly tickers: readonly string[]; readonly expires: number } | undefined;

  /** @param table name of the users table */
  constructor(table: string) {
    this.#table = table;
  }

  /**
   * The tickers of all active configurations: upper case, sorted, each once; cached for five minutes.
   *
   * @param now epoch milliseconds
   * @throws when the query fails: an empty list would read as "nobody watches anything" (D8)
   */
  async load(now: number): Promise<readonly string[]> {
    if (this.#cached !== undefined && this.#cached.expires > now) return this.#cached.tickers;
    const tickers = await traced(SPANS.activeTickers, async () => {
      const found = [...(await this.#query())].sort();
      annotate("ticker_count", found.length);
      return found;
    });
    this.#cached = { tickers, expires: now + KEEP_MS };
    return tickers;
  }

  async #query(): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    let start: Record<string, unknown> | undefined;
    do {
      const page = await tables().send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: "by_entity_status",
          KeyConditionExpression: "entity_type = :type AND #status = :active",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":type": "CONFIGURATION", ":active": "active" },
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? []) {
        for (const { symbol } of parse(Configuration, item).tickers) found.add(symbol.toUpperCase());
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  }
}
