import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { ALERTS } from "../../contract/mail";
import { tables } from "../runtime/clients";
import type { AlertRule } from "./alert-rules";

/** A rule that has triggered and rests from now on. */
export interface Taken {
  readonly rule: AlertRule;
  /** When it triggered, ISO 8601 in UTC. */
  readonly at: string;
  /** When it had triggered before, if it had. */
  readonly before: string | undefined;
}

function keyOf({ user_id, alert_id }: AlertRule): { readonly PK: string; readonly SK: string } {
  return { PK: `USER#${user_id}`, SK: `ALERT#${alert_id}` };
}

/** Rules that triggered at this instant or before have rested long enough. */
function restedSince(now: number): string {
  return new Date(now - ALERTS.cooldownSeconds * 1000).toISOString();
}

/**
 * Lets a rule trigger if it is not resting. Of several analyses at once one succeeds. The rule remembers the article,
 * so that an analysis that died before it could publish the alert may take it up again.
 *
 * @param sourceId the article
 * @param table name of the users table
 * @param now epoch milliseconds
 * @returns `undefined` when it is resting, or no longer enabled
 * @throws whatever DynamoDB answers after its retries
 */
export async function takeCooldown(
  rule: AlertRule,
  sourceId: string,
  table: string,
  now: number,
): Promise<Taken | undefined> {
  const rested = restedSince(now);
  const { last_triggered_at = "", last_triggered_by } = rule;
  // Asked of the index first: every refused condition is a fault on the trace.
  if (last_triggered_at > rested && last_triggered_by !== sourceId) return undefined;
  const at = new Date(now).toISOString();
  try {
    const { Attributes } = await tables().send(
      new UpdateCommand({
        TableName: table,
        Key: keyOf(rule),
        UpdateExpression: "SET last_triggered_at = :now, last_triggered_by = :source ADD trigger_count :one",
        ConditionExpression:
          "#status = :enabled AND (attribute_not_exists(last_triggered_at) OR last_triggered_at <= :rested)",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":now": at,
          ":source": sourceId,
          ":one": 1,
          ":enabled": "enabled",
          ":rested": rested,
        },
        ReturnValues: "UPDATED_OLD",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    const before: unknown = Attributes?.["last_triggered_at"];
    return { rule, at, before: typeof before === "string" ? before : undefined };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { status, last_triggered_by: by, last_triggered_at: taken } = error.Item ?? {};
    if (status?.S !== "enabled" || by?.S !== sourceId || taken?.S === undefined) return undefined;
    // The same instant as in the attempt that died, by which notification knows the alert if it has seen it.
    return { rule, at: taken.S, before: undefined };
  }
}

/**
 * Undoes {@link takeCooldown} for an alert that was not published, so that the next article can trigger it.
 *
 * @throws whatever DynamoDB answers after its retries
 */
export async function giveBackCooldown(taken: Taken, sourceId: string, table: string): Promise<void> {
  const { rule, at, before } = taken;
  const restore =
    before === undefined
      ? "REMOVE last_triggered_at, last_triggered_by"
      : "SET last_triggered_at = :before REMOVE last_triggered_by";
  await tables().send(
    new UpdateCommand({
      TableName: table,
      Key: keyOf(rule),
      UpdateExpression: `${restore} ADD trigger_count :minus`,
      ConditionExpression: "last_triggered_at = :at AND last_triggered_by = :source",
      ExpressionAttributeValues: {
        ":minus": -1,
        ":at": at,
        ":source": sourceId,
        ...(before === undefined ? {} : { ":before": before }),
      },
    }),
  );
}
