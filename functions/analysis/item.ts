import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { tables } from "../runtime/clients";
import type { AnalysisRequest } from "./request";
import type { Score } from "./score";

/**
 * Whether an item still has to be added to its buckets. `open`: it has, now or because an earlier attempt died;
 * `done`: a duplicate delivery.
 */
export type Fanout = "open" | "done";

/**
 * Marks an item as analyzed if it is pending.
 *
 * Lambda and SNS both deliver more than once. The mark `fanout` tells an attempt that died between this write and the
 * buckets, which must be finished, from one that was finished, which must not be counted twice.
 *
 * @param table name of the items table
 * @param now epoch milliseconds
 * @throws Error when there is no such item; whatever DynamoDB answers otherwise
 */
export async function markAnalyzed(
  request: AnalysisRequest,
  { score, sentiment }: Score,
  modelVersion: string,
  table: string,
  now: number,
): Promise<Fanout> {
  try {
    await tables().send(
      new UpdateCommand({
        TableName: table,
        Key: keyOf(request),
        UpdateExpression:
          "SET #status = :analyzed, sentiment = :sentiment, score = :score, confidence = :confidence, " +
          "model_version = :model, analyzed_at = :now, updated_at = :now, fanout = :open",
        ConditionExpression: "#status = :pending",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":analyzed": "analyzed",
          ":pending": "pending",
          ":sentiment": sentiment,
          ":score": score,
          ":confidence": Math.abs(score),
          ":model": modelVersion,
          ":now": new Date(now).toISOString(),
          ":open": "open" satisfies Fanout,
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return "open";
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (error.Item === undefined) {
      throw new Error(
        `No item ${request.source_id} of ${request.timestamp} in ${table}: it expired or was never stored.`,
      );
    }
    return error.Item["fanout"]?.S === "done" ? "done" : "open";
  }
}

/** Records that every bucket has the item. */
export async function markFannedOut(request: AnalysisRequest, table: string): Promise<void> {
  await tables().send(
    new UpdateCommand({
      TableName: table,
      Key: keyOf(request),
      UpdateExpression: "SET fanout = :done",
      ExpressionAttributeValues: { ":done": "done" satisfies Fanout },
    }),
  );
}

function keyOf(request: AnalysisRequest): { readonly source_id: string; readonly timestamp: string } {
  return { source_id: request.source_id, timestamp: request.timestamp };
}
