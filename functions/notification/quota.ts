import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { ALERTS } from "../../contract/mail";
import { tables } from "../runtime/clients";

const DAY_SECONDS = 86_400;

/** Which quota kept a mail back. */
export type SpentQuota = "user_quota" | "daily_quota";

/** The UTC day of an instant, for example `2026-11-21`: a new day has new rows and so starts at zero by itself. */
function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

function dailyKey(now: number): { readonly PK: string; readonly SK: string } {
  return { PK: "QUOTA#mail", SK: dayOf(now) };
}

async function count(key: { PK: string; SK: string }, table: string, now: number): Promise<number> {
  const { Attributes } = await tables().send(
    new UpdateCommand({
      TableName: table,
      Key: key,
      // Counted first and compared after: a condition would turn every refusal into a fault on the trace.
      UpdateExpression: "ADD mails :one SET #ttl = :expiry",
      ExpressionAttributeNames: { "#ttl": "ttl_timestamp" },
      ExpressionAttributeValues: { ":one": 1, ":expiry": Math.floor(now / 1000) + 2 * DAY_SECONDS },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  return Number(Attributes?.["mails"]);
}

/**
 * Takes one mail from the day's quotas, the user's first, so that somebody with too many alerts does not use up what
 * is for all. Counters are added to atomically: of simultaneous mails exactly as many pass as are left.
 *
 * @param table name of the users table
 * @param now epoch milliseconds
 * @returns the quota that is spent until midnight UTC, or `undefined` when the mail may go
 * @throws when a counter cannot be written: an uncounted mail could be the first of many
 */
export async function takeMail(userId: string, table: string, now: number): Promise<SpentQuota | undefined> {
  const ofUser = await count({ PK: `USER#${userId}`, SK: `MAILS#${dayOf(now)}` }, table, now);
  if (ofUser > ALERTS.mailsPerUserPerDay) return "user_quota";
  const ofAll = await count(dailyKey(now), table, now);
  return ofAll > ALERTS.mailsPerDay ? "daily_quota" : undefined;
}

/**
 * The share of the day's mails that is spent, in percent, 0 to 100.
 *
 * @param table name of the users table
 * @param now epoch milliseconds
 * @throws whatever DynamoDB answers after its retries
 */
export async function quotaUsed(table: string, now: number): Promise<number> {
  // Consistent, because this very run may have counted.
  const read = new GetCommand({ TableName: table, Key: dailyKey(now), ConsistentRead: true });
  const { Item } = await tables().send(read);
  const mails: unknown = Item?.["mails"];
  return Math.min(100, (100 * (typeof mails === "number" ? mails : 0)) / ALERTS.mailsPerDay);
}
