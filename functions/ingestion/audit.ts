import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { ITEM_KEEP_SECONDS } from "../../contract/tables";
import { boundError } from "../runtime/bounded-error";
import { tables } from "../runtime/clients";
import type { SilentFailures } from "../runtime/silent-failures";

/** What the audit trail keeps of a run. */
export interface RunRecord {
  readonly status: "success" | "partial" | "failed";
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly durationMs: number;
  /** What failed the run. */
  readonly error?: unknown;
}

/**
 * Writes a run's audit record; a failure is reported as `audit_trail` and the run stays unaudited.
 *
 * @param table name of the users table
 * @param startedAt epoch milliseconds
 */
export async function writeAudit(
  record: RunRecord,
  table: string,
  startedAt: number,
  silentFailures: SilentFailures,
): Promise<void> {
  const started = new Date(startedAt).toISOString();
  const persist = async (): Promise<void> => {
    const Item = {
      PK: `COLLECTION#${started.slice(0, 10)}`,
      SK: `${started}#${record.requestId.slice(0, 8)}`,
      entity_type: "COLLECTION",
      status: record.status,
      source: "ingestion",
      ...record.counts,
      duration_ms: record.durationMs,
      error: record.error === undefined ? undefined : boundError(record.error).message,
      ttl_timestamp: Math.floor(startedAt / 1000) + ITEM_KEEP_SECONDS,
    };
    await tables().send(new PutCommand({ TableName: table, Item }));
  };
  await silentFailures.guard("audit_trail", persist, undefined);
}
