import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { awsCall, dynamodb } from "./aws-call";
import { tables } from "./clients";
import { tickersIn } from "./filter";
import { Refusal } from "./refusal";
import { config } from "./settings";

const TableName = config.variables.USERS_TABLE;

function symbolsOf(tickers: unknown): readonly string[] {
  if (!Array.isArray(tickers)) return [];
  return tickers.flatMap((one: unknown) => {
    const symbol = typeof one === "object" && one !== null && "symbol" in one ? one.symbol : undefined;
    return typeof symbol === "string" ? [symbol] : [];
  });
}

/**
 * The tickers of a user's active configuration.
 *
 * @throws Refusal with 404 when the user has no such configuration or it is not active; whatever DynamoDB answers
 */
export async function configuredTickers(user: string, id: string): Promise<ReadonlySet<string>> {
  const get = new GetCommand({
    TableName,
    Key: { PK: `USER#${user}`, SK: `CONFIG#${id}` },
    ConsistentRead: true,
  });
  const { Item } = await awsCall(dynamodb([TableName], "GetItem"), () => tables().send(get));
  if (Item?.["status"] !== "active") throw new Refusal(404, "There is no such active configuration.");
  return tickersIn(symbolsOf(Item["tickers"]));
}
