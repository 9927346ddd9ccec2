import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
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

/** The highest and lowest score in a bucket. */
export interface ScoreRange {
  readonly high: number;
  readonly low: number;
}

/** The start of the bucket an instant falls into, ISO 8601 in UTC. */
export function bucketStart(instant: Date, resolution: Resolution): string {
  const width = RESOLUTIONS[resolution].widthSeconds * 1000;
  return new Date(Math.floor(instant.getTime() / width) * width).toISOString();
}

/**
 * Adds an article to a bucket: opens the bucket if need be, adds to its counts, never overwrites them (D12). The
 * bucket remembers its articles, so that a second delivery changes nothing.
 *
 * @param table name of the timeseries table
 * @param now epoch milliseconds
 * @returns the bucket's range with the article in it
 * @throws whatever DynamoDB answers after its retries
 */
export async function addToBucket(entry: BucketEntry, table: string, now: number): Promise<ScoreRange> {
  const { ticker, resolution, score } = entry;
  const start = bucketStart(entry.publishedAt, resolution);
  const key = { PK: `${ticker}#${resolution}`, SK: start };
  const { widthSeconds, keepSeconds } = RESOLUTIONS[resolution];
  const ends = Date.parse(start) + widthSeconds * 1000;
  const ttl = Math.floor(Math.max(ends, now) / 1000) + keepSeconds;
  const update = new UpdateCommand({
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
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  const { high, low } = await written(update);
  // Also for an article that was there already: the attempt that added it may have died before it came to this.
  await stretch(key, table, score.score, { high, low });
  return { high: Math.max(high, score.score), low: Math.min(low, score.score) };
}

async function written(update: UpdateCommand): Promise<ScoreRange> {
  try {
    const { Attributes } = await tables().send(update);
    return { high: Number(Attributes?.["high"]), low: Number(Attributes?.["low"]) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { high: Number(error.Item?.["high"]?.N), low: Number(error.Item?.["low"]?.N) };
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
  { high, low }: ScoreRange,
): Promise<void> {
  const outside = score > high ? "high" : score < low ? "low" : undefined;
  if (outside === undefined) return;
  try {
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
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
