import { accessOf, XRAY_WRITE_ACTIONS } from "../../contract/access";
import type { ServiceKey } from "../../contract/services";
import { TABLES, type TableName, tableName } from "../../contract/tables";
import type { AwsCall } from "../../lab/runtime/aws-gateway";
import { ENVIRONMENT } from "./pipeline-lab";

/** Names of the tables a call is about: one, or those of a batch. */
function tablesIn(input: AwsCall["input"]): readonly unknown[] {
  const batch = input["RequestItems"];
  return typeof batch === "object" && batch !== null ? Object.keys(batch) : [input["TableName"]];
}

/** A call in the words of the contract's access table; what every traced function may, and metrics, are left out. */
export function usesOf({ operation, input, service }: AwsCall): readonly string[] {
  if (operation === "PutMetricData") return [];
  if (XRAY_WRITE_ACTIONS.some((action) => action === `${service}:${operation}`)) return [];
  if (service === "monitoring") return [`cloudwatch:${operation}`];
  return tablesIn(input).map((name) => {
    const table = (Object.keys(TABLES) as TableName[]).find((key) => tableName(ENVIRONMENT, key) === name);
    if (table === undefined) return `${service}:${operation}`;
    const index = input["IndexName"];
    return index === undefined ? `${table}:${operation}` : `${table}/${String(index)}:${operation}`;
  });
}

/** What the contract grants a service, in the same words. */
export function grantedTo(service: ServiceKey): readonly string[] {
  const { tables, publishesTo, readsSecrets, readsMetrics, inspects = [] } = accessOf(service);
  return [
    ...tables.flatMap(({ table, actions, queriesIndexes }) => [
      ...actions.map((action) => `${table}:${action}`),
      ...queriesIndexes.map((index) => `${table}/${index}:Query`),
    ]),
    ...publishesTo.map(() => "sns:PublishBatch"),
    ...(readsSecrets.length > 0 ? ["secretsmanager:GetSecretValue"] : []),
    ...(readsMetrics ? ["cloudwatch:GetMetricData"] : []),
    ...inspects,
  ];
}
