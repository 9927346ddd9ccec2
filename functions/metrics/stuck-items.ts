import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { SPANS } from "../../contract/spans";
import { tables } from "../runtime/clients";
import { annotate, traced } from "../runtime/tracing";

/** An item pending longer than this is stuck, milliseconds. */
const STUCK_AFTER_MS = 5 * 60_000;

/**
 * Counts items that are still pending five minutes after their ingestion. By ingestion and not by publication: a fresh
 * article may be days old (D15).
 *
 * @param table name of the items table
 * @param now epoch milliseconds
 * @throws whatever DynamoDB answers; a count of the first pages only would be a lie
 */
export async function countStuckItems(table: string, now: number): Promise<number> {
  return traced(SPANS.stuckItemsQuery, async () => {
    const started = performance.now();
    let count = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await tables().send(
        new QueryCommand({
          TableName: table,
          IndexName: "by_status",
          Select: "COUNT",
          KeyConditionExpression: "#status = :pending AND created_at < :before",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":pending": "pending",
            ":before": new Date(now - STUCK_AFTER_MS).toISOString(),
          },
          ExclusiveStartKey: start,
        }),
      );
      count += page.Count ?? 0;
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    annotate("item_count", count);
    annotate("query_duration_ms", Math.round(performance.now() - started));
    return count;
  });
}
