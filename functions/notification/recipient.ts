import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { email, maxLength, number, object, optional, pipe, safeParse, string } from "valibot";
import { tables } from "../runtime/clients";

/** An address as mail knows it (RFC 5321 §4.5.3.1.3); anonymous users have none. */
const Address = object({ email: pipe(string(), maxLength(254), email()) });

/** Users who stay have no expiry. */
const Expiry = object({ ttl_timestamp: optional(number()) });

/** Where a user's mail goes, or why there is nowhere. The address belongs into the mail and nowhere else. */
export type Recipient = { readonly address: string } | { readonly reason: "no_address" | "inactive" };

/**
 * Looks up a user's address.
 *
 * @param table name of the users table
 * @param now epoch milliseconds
 * @returns `inactive` when the user's row has expired: DynamoDB removes it within days, not at once
 * @throws whatever DynamoDB answers after its retries
 */
export async function recipientOf(userId: string, table: string, now: number): Promise<Recipient> {
  const { Item } = await tables().send(
    new GetCommand({ TableName: table, Key: { PK: `USER#${userId}`, SK: "PROFILE" } }),
  );
  const expiry = safeParse(Expiry, Item);
  if (expiry.success && (expiry.output.ttl_timestamp ?? Infinity) * 1000 <= now)
    return { reason: "inactive" };
  const profile = safeParse(Address, Item);
  return profile.success ? { address: profile.output.email } : { reason: "no_address" };
}
