import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type InferOutput, object, optional, pipe, regex, safeParse, string, transform } from "valibot";
import type { AlertDirection } from "../../contract/mail";
import { ALERT_FIELDS } from "../runtime/alert-message";
import { tables } from "../runtime/clients";

/** A key of the form `PREFIX#id`, read as the id. */
function idAfter(prefix: string, id: typeof ALERT_FIELDS.user_id) {
  return pipe(
    string(),
    regex(new RegExp(`^${prefix}#`)),
    transform((key) => key.slice(prefix.length + 1)),
    id,
  );
}

const AlertRule = pipe(
  object({
    PK: idAfter("USER", ALERT_FIELDS.user_id),
    SK: idAfter("ALERT", ALERT_FIELDS.alert_id),
    ticker: ALERT_FIELDS.ticker,
    alert_type: ALERT_FIELDS.alert_type,
    threshold_direction: ALERT_FIELDS.threshold_direction,
    threshold_value: ALERT_FIELDS.threshold,
    last_triggered_at: optional(string()),
    last_triggered_by: optional(string()),
  }),
  transform(({ PK, SK, threshold_value, ...rule }) => ({
    ...rule,
    user_id: PK,
    alert_id: SK,
    threshold: threshold_value,
  })),
);

/** An enabled alert rule of a user (application §2.1), with field names as in the message about it. */
export type AlertRule = InferOutput<typeof AlertRule>;

/** The rules of a ticker. */
export interface TickerRules {
  readonly rules: readonly AlertRule[];
  /** How many rows could not be understood. */
  readonly unreadable: number;
}

/**
 * Finds the enabled rules of a ticker. The index lags behind the table, so what a rule says of its last time may be
 * old.
 *
 * @param ticker upper case
 * @param table name of the users table
 * @throws whatever DynamoDB answers after its retries
 */
export async function rulesOf(ticker: string, table: string): Promise<TickerRules> {
  const rules: AlertRule[] = [];
  let unreadable = 0;
  let start: Record<string, unknown> | undefined;
  do {
    const page = await tables().send(
      new QueryCommand({
        TableName: table,
        IndexName: "by_ticker",
        KeyConditionExpression: "ticker = :ticker AND #status = :enabled",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":ticker": ticker, ":enabled": "enabled" },
        ExclusiveStartKey: start,
      }),
    );
    for (const row of page.Items ?? []) {
      const parsed = safeParse(AlertRule, row);
      if (parsed.success) rules.push(parsed.output);
      else unreadable += 1;
    }
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return { rules, unreadable };
}

/** True when a value lies beyond a rule's threshold; a value equal to it does not. */
export function crosses(direction: AlertDirection, threshold: number, value: number): boolean {
  return direction === "above" ? value > threshold : value < threshold;
}
