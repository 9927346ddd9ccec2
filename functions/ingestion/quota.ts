import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { VENDOR_QUOTAS, type Vendor } from "../../contract/vendors";
import { tables } from "../runtime/clients";

/** Share of a vendor's plan that is used; the rest is for people with the same key. */
const USABLE_SHARE = 0.8;

/**
 * Takes one call from a vendor's plan, if there is one left in the current window (D37). The counter belongs to the
 * window, so a new window starts at zero by itself, and it is added to atomically, so parallel runs cannot lose calls.
 *
 * @param table name of the users table
 * @param now epoch milliseconds
 * @returns false when 80 % of the plan is used up until the window ends
 * @throws when the counter cannot be written: calling uncounted could get the key banned
 */
export async function takeCall(vendor: Vendor, table: string, now: number): Promise<boolean> {
  const { limit, windowSeconds } = VENDOR_QUOTAS[vendor];
  const start = Math.floor(now / 1000 / windowSeconds) * windowSeconds;
  const { Attributes } = await tables().send(
    new UpdateCommand({
      TableName: table,
      Key: { PK: `QUOTA#${vendor}`, SK: new Date(start * 1000).toISOString() },
      // Counted first and compared after: a condition would turn every refusal into a fault on the trace.
      UpdateExpression: "ADD calls :one SET #ttl = :expiry",
      ExpressionAttributeNames: { "#ttl": "ttl_timestamp" },
      ExpressionAttributeValues: { ":one": 1, ":expiry": start + 2 * windowSeconds },
      ReturnValues: "UPDATED_NEW",
    }),
  );
  return Number(Attributes?.["calls"]) <= limit * USABLE_SHARE;
}
