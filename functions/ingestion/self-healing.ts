import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { array, object, optional, parse, string } from "valibot";
import { SPANS } from "../../contract/spans";
import { tables } from "../runtime/clients";
import type { Runtime } from "../runtime/handler";
import { annotate, traced } from "../runtime/tracing";
import { type AnalysisRequest, publishRequests } from "./publish";

/** An item still pending this long after its ingestion has lost its message, milliseconds. */
const LOST_AFTER_MS = 3600 * 1000;
/** Items looked at in one run. */
const BATCH = 100;
/** Milliseconds of the run that must remain to look at one more item. */
const RESERVE_MS = 10_000;

const ItemKeys = array(object({ source_id: string(), timestamp: string() }));

const PendingItem = object({
  source_id: string(),
  timestamp: string(),
  status: string(),
  sources: array(string()),
  text_for_analysis: string(),
  matched_tickers: optional(array(string()), []),
  published_at: string(),
  created_at: string(),
});

/**
 * Publishes again what has been pending for more than an hour. An item that cannot be read is reported as
 * `self_healing_fetch`, one subsegment each, and waits for the next run.
 *
 * @param now epoch milliseconds
 * @param remainingMs milliseconds the invocation has left
 * @returns how many were found and how many published
 * @throws when the query for pending items fails
 */
export async function healPending(
  runtime: Runtime<"ingestion">,
  now: number,
  remainingMs: () => number,
): Promise<{ readonly found: number; readonly republished: number }> {
  return traced(SPANS.selfHealing, async () => {
    const { DATABASE_TABLE, SNS_TOPIC_ARN } = runtime.config.variables;
    const keys = await lostItems(DATABASE_TABLE, now);
    annotate("item_count", keys.length);
    const requests: AnalysisRequest[] = [];
    for (const key of keys) {
      if (remainingMs() < RESERVE_MS) break;
      const request = await refetch(runtime, key);
      if (request !== undefined) requests.push(request);
    }
    const republished = await publishRequests(requests, SNS_TOPIC_ARN, runtime.silentFailures);
    return { found: keys.length, republished };
  });
}

async function lostItems(table: string, now: number): Promise<{ source_id: string; timestamp: string }[]> {
  const { Items = [] } = await tables().send(
    new QueryCommand({
      TableName: table,
      IndexName: "by_status",
      KeyConditionExpression: "#status = :pending AND created_at < :before",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: {
        ":pending": "pending",
        ":before": new Date(now - LOST_AFTER_MS).toISOString(),
      },
      Limit: BATCH,
    }),
  );
  return parse(ItemKeys, Items);
}

async function refetch(
  { config, silentFailures }: Runtime<"ingestion">,
  key: { readonly source_id: string; readonly timestamp: string },
): Promise<AnalysisRequest | undefined> {
  const fetchItem = async (): Promise<AnalysisRequest | undefined> => {
    // The index lags behind the table: only the table knows whether the item is still pending.
    const { DATABASE_TABLE, MODEL_VERSION } = config.variables;
    const read = new GetCommand({ TableName: DATABASE_TABLE, Key: key, ConsistentRead: true });
    const { Item } = await tables().send(read);
    if (Item === undefined || Item["status"] !== "pending") return undefined;
    const { status: _, ...item } = parse(PendingItem, Item);
    return {
      ...item,
      source_type: item.sources[0] ?? "unknown",
      model_version: MODEL_VERSION,
      republished: true,
    };
  };
  const annotations = { source_id: key.source_id };
  return silentFailures.guard("self_healing_fetch", fetchItem, undefined, { annotations });
}
