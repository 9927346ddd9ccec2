import { GetCommand } from "@aws-sdk/lib-dynamodb";
import {
  array,
  check,
  description,
  type InferOutput,
  maxLength,
  minLength,
  optional,
  pipe,
  regex,
  strictObject,
  string,
} from "valibot";
import { USER_LIMITS } from "../../contract/api";
import { tables } from "../runtime/clients";
import type { Answer } from "./answer";
import type { UserCall } from "./call";
import { line, ticker } from "./fields";
import { readBody, readParameters } from "./input";
import { Problem } from "./problem";
import { config } from "./settings";
import { addRow, changeRow, idOf, type Row, rowKey, rowsOf } from "./user-rows";

const MOST = USER_LIMITS.tickersPerConfiguration;
const TEXT_LENGTH = 100;

const name = line(USER_LIMITS.configurationNameLength);

const tickers = pipe(
  array(
    strictObject({
      symbol: ticker,
      name: optional(line(TEXT_LENGTH)),
      exchange: optional(line(TEXT_LENGTH)),
    }),
  ),
  minLength(1),
  maxLength(MOST),
  check((list) => new Set(list.map(({ symbol }) => symbol)).size === list.length),
  description(
    `a list of 1 to ${MOST} objects with a different symbol each, and perhaps its name and exchange`,
  ),
);

/** The id in a path; longer or other ones are nobody's. */
const ID = { id: pipe(string(), regex(/^[A-Za-z0-9-]{1,64}$/), description("the id of a configuration")) };

function shown(row: Row): Row {
  const { name, tickers, created_at, updated_at } = row;
  return { id: idOf(row, "CONFIG"), name, tickers, created_at, updated_at };
}

/** Tickers as the table keeps them, with the instant each was first watched. */
function kept(list: InferOutput<typeof tickers>, before: unknown, now: string): readonly Row[] {
  const known = new Map(
    (Array.isArray(before) ? before : []).map((one: Row): [unknown, unknown] => [
      one["symbol"],
      one["added_at"],
    ]),
  );
  return list.map(({ symbol, name = symbol, exchange }) => ({
    symbol,
    name,
    exchange,
    added_at: known.get(symbol) ?? now,
  }));
}

function gone(): Problem {
  return new Problem("not-found", "There is no such active configuration.");
}

/** The user's active configurations. */
export async function listConfigurations({ user }: UserCall): Promise<Answer> {
  const rows = await rowsOf(user.id, "CONFIG");
  return { status: 200, body: { configurations: rows.map(shown) } };
}

/** Starts to watch some tickers. */
export async function createConfiguration({ request, user }: UserCall): Promise<Answer> {
  const given = readBody(request, { name, tickers });
  const now = new Date().toISOString();
  const row = await addRow(user, "CONFIG", USER_LIMITS.configurations, {
    entity_type: "CONFIGURATION",
    status: "active",
    name: given.name,
    tickers: kept(given.tickers, [], now),
    created_at: now,
    updated_at: now,
  });
  return { status: 201, body: shown(row) };
}

/** Changes the name or the tickers of an active configuration. */
export async function updateConfiguration(call: UserCall): Promise<Answer> {
  const { id } = readParameters(call, ID);
  const given = readBody(call.request, { name: optional(name), tickers: optional(tickers) });
  if (given.name === undefined && given.tickers === undefined) {
    throw new Problem("invalid-request", "Send a name, tickers or both.");
  }
  const now = new Date().toISOString();
  const TableName = config.variables.USERS_TABLE;
  const Key = rowKey(call.user.id, "CONFIG", id);
  const { Item } = await tables().send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  if (Item === undefined) throw gone();
  const row = await changeRow(call.user.id, "CONFIG", id, {
    name: given.name,
    tickers: given.tickers && kept(given.tickers, Item["tickers"], now),
    updated_at: now,
  });
  if (row === undefined) throw gone();
  return { status: 200, body: shown(row) };
}

/** Ends a configuration; its row stays until its place is taken anew. */
export async function deleteConfiguration(call: UserCall): Promise<Answer> {
  const { id } = readParameters(call, ID);
  const updated_at = new Date().toISOString();
  const row = await changeRow(call.user.id, "CONFIG", id, { status: "inactive", updated_at });
  if (row === undefined) throw gone();
  return { status: 204 };
}
