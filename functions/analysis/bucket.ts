import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { RESOLUTIONS, type Resolution } from "../../contract/tables";
import { tables } from "../runtime/clients";
import type { Score } from "./score";

/** One article's contribution to one time bucket. */
export interface BucketEntry {
  /** Upper case. */
  readonly ticker: string;
  readonly resolution: Resolution;
  readonly sourceId: string;
  readonly publishedAt: Date;
  readonly score: Score;
}

/** The start of the bucket an instant falls into, ISO 8601 in UTC. */
export function bucketStart(instant: Date, resolution: Resolution): string {
  const width = RESOLUTIONS[resolution].widthSeconds * 1000;
  return new Date(Math.floor(instant.getTime() / width) * width).toISOString();
}

function isConditionFailure(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/**
 * Adds an article to a bucket: opens the bucket if need be, adds to its counts, never overwrites them (D12). The
 * bucket remembers its articles, so that a second delivery changes nothing.
 *
 * @param table name of the timeseries table
 * @param now epoch milliseconds
 * @throws whatever DynamoDB answers after its retries
 */
export async function addToBucket(entry: BucketEntry, table: string, now: number): Promise<void> {
  const { ticker, resolution, score } = entry;
  const start = bucketStart(entry.publishedAt, resolution);
  const key = { PK: `${ticker}#${resolution}`, SK: start };
  const { widthSeconds, keepSeconds } = RESOLUTIONS[resolution];
  const ends = Date.parse(start) + widthSeconds * 1000;
  const ttl = Math.floor(Math.max(ends, now) / 1000) + keepSeconds;
  try {
    const { Attributes } = await tables().send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression:
          "SET #open = if_not_exists(#open, :score), high = if_not_exists(high, :score), " +
          "low = if_not_exists(low, :score), #close = :score, is_partial = :partial, updated_at = :now, #ttl = :ttl " +
          "ADD #count :one, #sum :score, #label :one, sources :source",
        ConditionExpression: "NOT contains(sources, :id)",
        ExpressionAttributeNames: {
          "#open": "open",
          "#close": "close",
          "#count": "count",
          "#sum": "sum",
          "#ttl": "ttl",
          // A nested counter would need its map to exist first, and so a second write.
          "#label": `label_${score.sentiment}`,
        },
        ExpressionAttributeValues: {
          ":score": score.score,
          ":one": 1,
          ":partial": ends > now,
          ":now": new Date(now).toISOString(),
          ":ttl": ttl,
          ":id": entry.sourceId,
          ":source": new Set([entry.sourceId]),
        },
        ReturnValues: "ALL_NEW",
      }),
    );
    await stretch(key, table, score.score, Attributes ?? {});
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}

/**
 * Moves the bucket's high or low when the score lies outside. The bucket as just written says whether it does, so the
 * conditions hold in all but a race, and then the other writer's value is the better one.
 */
async function stretch(
  key: { readonly PK: string; readonly SK: string },
  table: string,
  score: number,
  bucket: Readonly<Record<string, unknown>>,
): Promise<void> {
  const outside = score > Number(bucket["high"]) ? "high" : score < Number(bucket["low"]) ? "low" : undefined;
  if (outside === undefined) return;
  await tables().send(
    new UpdateCommand({
      TableName: table,
      Key: key,
      UpdateExpression: "SET #edge = :score",
      ConditionExpression: outside === "high" ? "#edge < :score" : "#edge > :score",
      ExpressionAttributeNames: { "#edge": outside },
      ExpressionAttributeValues: { ":score": score },
    }),
  );
}
