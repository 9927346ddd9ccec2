import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Environment } from "../../contract/names";
import {
  TABLES,
  type Table,
  type TableIndex,
  type TableKey,
  type TableName,
  tableName,
} from "../../contract/tables";

function schema({ partition, sort }: TableKey) {
  return [
    { AttributeName: partition, KeyType: "HASH" as const },
    { AttributeName: sort, KeyType: "RANGE" as const },
  ];
}

function projection({ carries }: TableIndex) {
  if (carries === undefined) return { ProjectionType: "ALL" as const };
  return { ProjectionType: "INCLUDE" as const, NonKeyAttributes: [...carries] };
}

function definition(environment: Environment, name: TableName): CreateTableCommand {
  const table: Table = TABLES[name];
  const keys: readonly TableKey[] = [table.key, ...Object.values(table.indexes)];
  const attributes = [...new Set(keys.flatMap(({ partition, sort }) => [partition, sort]))];
  const indexes = Object.entries(table.indexes).map(([IndexName, index]) => ({
    IndexName,
    KeySchema: schema(index),
    Projection: projection(index),
  }));
  return new CreateTableCommand({
    TableName: tableName(environment, name),
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: schema(table.key),
    ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
  });
}

/** Creates some of the contract's tables, indexes with exactly what the contract says they carry. */
export async function createTables(
  client: DynamoDBClient,
  environment: Environment,
  names: readonly TableName[],
): Promise<void> {
  for (const name of names) await client.send(definition(environment, name));
}
