import { createHash, randomUUID } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand, QueryCommand, type QueryCommandOutput, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Bearer } from "../runtime/bearers";
import { tables } from "../runtime/clients";
import { Problem } from "./problem";
import { config } from "./settings";

/** Kinds of row a user may have some of; the first part of their sort key. */
export type RowKind = "CONFIG" | "ALERT";

/** A row of the users table. */
export type Row = Readonly<Record<string, unknown>>;

const NOUNS: Readonly<Record<RowKind, string>> = { CONFIG: "configurations", ALERT: "alert rules" };

const TableName = config.variables.USERS_TABLE;

/** Key of one of a user's rows. */
export function rowKey(
  user: string,
  kind: RowKind,
  id: string,
): { readonly PK: string; readonly SK: string } {
  return { PK: `USER#${user}`, SK: `${kind}#${id}` };
}

/** The id in a row's key. */
export function idOf(row: Row, kind: RowKind): string {
  return String(row["SK"]).slice(kind.length + 1);
}

/** A user's rows of a kind that were not deleted. @throws whatever DynamoDB answers */
export async function rowsOf(user: string, kind: RowKind): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let from: QueryCommandOutput["LastEvaluatedKey"];
  do {
    const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await tables().send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "PK = :user AND begins_with(SK, :kind)",
        ExpressionAttributeValues: { ":user": `USER#${user}`, ":kind": `${kind}#` },
        // What was made or deleted a moment ago counts.
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    rows.push(...Items.filter(({ status }) => status !== "inactive"));
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}

/** The id of a user's n-th row of a kind: always the same, and nobody else's. */
function slotId(user: string, kind: RowKind, slot: number): string {
  const hash = createHash("sha256").update(`${user} ${kind} ${slot}`).digest("hex");
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Stores a row in its place; false when another row has it. */
async function putUnlessTaken(Item: Row): Promise<boolean> {
  const request_id = randomUUID();
  const put = new PutCommand({
    TableName,
    Item: { ...Item, request_id },
    ConditionExpression: "attribute_not_exists(PK) OR #status = :inactive",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":inactive": "inactive" },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  try {
    await tables().send(put);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The SDK sends a call again when its answer got lost, and then finds the row it has put there itself.
    return error.Item?.["request_id"]?.S === request_id;
  }
}

/**
 * Stores a new row. A user has a fixed number of places for rows of a kind, and each is taken on a condition: however
 * many requests come at once, there are never more rows than places. The row of an anonymous user ends with the session.
 *
 * @param limit how many a user may have
 * @returns the row as stored
 * @throws Problem `limit-reached`; whatever DynamoDB answers
 */
export async function addRow(
  { id: user, expires }: Bearer,
  kind: RowKind,
  limit: number,
  content: Row,
): Promise<Row> {
  const rows = await rowsOf(user, kind);
  const taken = new Set(rows.map((row) => idOf(row, kind)));
  for (let slot = 0; slot < limit && rows.length < limit; slot += 1) {
    const id = slotId(user, kind, slot);
    if (taken.has(id)) continue;
    const row = { ...rowKey(user, kind, id), ...content, ttl_timestamp: expires };
    if (await putUnlessTaken(row)) return row;
  }
  throw new Problem("limit-reached", `A user may have ${limit} ${NOUNS[kind]}.`);
}

/**
 * Changes attributes of an active row.
 *
 * @param changes new values by attribute; `undefined` leaves one as it is
 * @returns the whole row afterwards; `undefined` when there is no such active row
 * @throws whatever DynamoDB answers
 */
export async function changeRow(
  user: string,
  kind: RowKind,
  id: string,
  changes: Row,
): Promise<Row | undefined> {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const update = new UpdateCommand({
    TableName,
    Key: rowKey(user, kind, id),
    UpdateExpression: `SET ${given.map((_, index) => `#name${index} = :value${index}`).join(", ")}`,
    ConditionExpression: "#status = :active",
    ExpressionAttributeNames: {
      "#status": "status",
      ...Object.fromEntries(given.map(([name], index) => [`#name${index}`, name])),
    },
    ExpressionAttributeValues: {
      ":active": "active",
      ...Object.fromEntries(given.map(([, value], index) => [`:value${index}`, value])),
    },
    ReturnValues: "ALL_NEW",
  });
  try {
    return (await tables().send(update)).Attributes ?? {};
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
