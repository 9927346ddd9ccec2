import { randomInt, randomUUID } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { awsCall, dynamodb } from "./aws-call";
import { tables } from "./clients";
import { config, settings } from "./settings";

/** The right to stream, held in the leases table until it is given back or expires (D22). */
export interface Lease {
  /** Also the connection's id. */
  readonly id: string;
  readonly slot: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Open streams of all environments, this one included, as seen when it was taken. */
  readonly count: number;
}

/** Every lease is taken. */
export class NoLeaseError extends Error {
  override readonly name = "NoLeaseError";
}

const POOL = "streams";
/** Milliseconds after which a client had better ask again. */
const PATIENCE_MS = 5000;
/** Milliseconds to take back a write that may or may not have come through. */
const UNDO_MS = 1000;
/** Slots tried on the strength of one reading. */
const TRIES_PER_READING = 3;

const TableName = config.variables.LEASES_TABLE;

async function heldSlots(now: number): Promise<ReadonlySet<string>> {
  const query = new QueryCommand({
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: "#pool = :pool",
    ExpressionAttributeNames: { "#pool": "pool" },
    ExpressionAttributeValues: { ":pool": POOL },
  });
  const { Items = [] } = await awsCall(dynamodb([TableName], "Query"), () => tables().send(query));
  return new Set(
    Items.filter((item) => Number(item["expires_at"]) > now).map((item) => String(item["slot"])),
  );
}

/** Whether the condition of a write held; that it did not is an answer and no error. */
async function conditional(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function take(slot: string, id: string, expiresAt: number, now: number): Promise<boolean> {
  const put = new PutCommand({
    TableName,
    Item: {
      pool: POOL,
      slot,
      lease_id: id,
      expires_at: expiresAt,
      ttl_timestamp: Math.ceil(expiresAt / 1000),
    },
    // Its own id as well: a write whose answer was lost is tried again by the SDK.
    ConditionExpression: "attribute_not_exists(#slot) OR expires_at <= :now OR lease_id = :id",
    ExpressionAttributeNames: { "#slot": "slot" },
    ExpressionAttributeValues: { ":now": now, ":id": id },
  });
  try {
    return await awsCall(dynamodb([TableName], "PutItem"), () => conditional(tables().send(put)));
  } catch (error) {
    // It may have been written all the same, and would keep others out until it expires.
    await giveBack({ id, slot }, AbortSignal.timeout(UNDO_MS)).catch(() => undefined);
    throw error;
  }
}

/** Open streams of all environments. @throws whatever DynamoDB answers */
export async function openStreams(): Promise<number> {
  return (await heldSlots(Date.now())).size;
}

/**
 * Takes a lease. Each is a slot that only one stream can hold, so there are never more than `SSE_MAX_CONNECTIONS`.
 *
 * @param expiresAt milliseconds since 1970, after the stream's latest end: a crashed stream frees its slot then
 * @throws NoLeaseError when all are taken; whatever DynamoDB answers otherwise
 */
export async function takeLease(expiresAt: number): Promise<Lease> {
  const id = randomUUID();
  const slots = Array.from({ length: settings.maxConnections }, (_, n) => String(n).padStart(4, "0"));
  const started = Date.now();
  while (Date.now() - started < PATIENCE_MS) {
    const now = Date.now();
    const held = await heldSlots(now);
    const free = slots.filter((slot) => !held.has(slot));
    if (free.length === 0) break;
    for (let attempt = 0; attempt < TRIES_PER_READING && free.length > 0; attempt += 1) {
      // At random, because everybody else sees the same free slots.
      const [slot = ""] = free.splice(randomInt(free.length), 1);
      if (await take(slot, id, expiresAt, now)) return { id, slot, expiresAt, count: held.size + 1 };
    }
  }
  throw new NoLeaseError(`No lease of ${settings.maxConnections} could be taken.`);
}

/** Gives a lease back; one that expired and was taken by another stream is left to it. */
export async function giveBack({ id, slot }: Pick<Lease, "id" | "slot">, signal: AbortSignal): Promise<void> {
  const remove = new DeleteCommand({
    TableName,
    Key: { pool: POOL, slot },
    ConditionExpression: "lease_id = :id",
    ExpressionAttributeValues: { ":id": id },
  });
  const send = () => conditional(tables().send(remove, { abortSignal: signal }));
  await awsCall(dynamodb([TableName], "DeleteItem"), send);
}
