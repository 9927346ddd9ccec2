import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { Table, TableIndex } from "../contract/tables";

/** Props of {@link DataTable}. */
export interface DataTableProps {
  /** Name of the table. @default none */
  readonly tableName: string;
  /** Keys, indexes and expiry. @default none */
  readonly table: Table;
}

/** An on-demand DynamoDB table with point-in-time recovery and deletion protection. */
export class DataTable extends Construct {
  /** ARN of the table; its indexes are `{arn}/index/{name}`. */
  readonly arn: string;
  /** Name of the table. */
  readonly tableName: string;

  constructor(scope: Construct, id: string, props: DataTableProps) {
    super(scope, id);
    const { key, indexes, ttlAttribute } = props.table;
    const keys = [key, ...Object.values(indexes)];
    const attributes = [...new Set(keys.flatMap((one) => [one.partition, one.sort]))].sort();
    const table = new DynamodbTable(this, "table", {
      name: props.tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: key.partition,
      rangeKey: key.sort,
      attribute: attributes.map((name) => ({ name, type: "S" })),
      globalSecondaryIndex: Object.entries<TableIndex>(indexes).map(([name, index]) => ({
        name,
        hashKey: index.partition,
        rangeKey: index.sort,
        ...(index.carries === undefined
          ? { projectionType: "ALL" }
          : { projectionType: "INCLUDE", nonKeyAttributes: [...index.carries] }),
      })),
      ttl: { attributeName: ttlAttribute, enabled: true },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
    });
    this.arn = table.arn;
    this.tableName = props.tableName;
  }
}
