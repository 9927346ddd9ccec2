import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { AlertMessage } from "../../contract/mail";
import { DEAD_LETTER_QUEUE } from "../../contract/messaging";
import { SERVICES } from "../../contract/services";
import { tables } from "../runtime/clients";

/** After so many milliseconds an invocation is over, even if two clocks differ by five seconds. */
const ABANDONED_MS = (SERVICES.notification.timeoutSeconds + 5) * 1000;

/** As long as an alert may come back from the dead-letter queue, and a day for the way there; seconds. */
const KEEP_SECONDS = DEAD_LETTER_QUEUE.keepSeconds + 86_400;

/** How far an alert's mail has come: being sent, to be tried again, or done with, sent or kept back for good. */
type DeliveryState = "sending" | "failed" | "sent" | "suppressed";

/** Another invocation is sending this alert's mail; no mail has failed so far. */
export class DeliveryUnderWayError extends Error {
  override readonly name = "DeliveryUnderWayError";
}

/**
 * The record that keeps an alert from being mailed twice. SNS and Lambda both deliver more than once, and Lambda
 * repeats what failed.
 */
export class Delivery {
  readonly #alert: AlertMessage;
  readonly #table: string;
  /** True when an earlier attempt took this mail from the quotas. */
  readonly counted: boolean;

  private constructor(alert: AlertMessage, table: string, counted: boolean) {
    this.#alert = alert;
    this.#table = table;
    this.counted = counted;
  }

  /**
   * Claims the sending of an alert's mail.
   *
   * @param table name of the users table
   * @param now epoch milliseconds
   * @returns `undefined` when it is done with
   * @throws DeliveryUnderWayError while another invocation is at it: that one may yet fail, so this one must be
   *   repeated; whatever DynamoDB answers otherwise
   */
  static async claim(alert: AlertMessage, table: string, now: number): Promise<Delivery | undefined> {
    try {
      const { Attributes } = await tables().send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(alert),
          UpdateExpression: "SET #state = :sending, claimed_at = :now, #ttl = :expiry",
          ConditionExpression:
            "attribute_not_exists(#state) OR #state = :failed OR (#state = :sending AND claimed_at < :abandoned)",
          ExpressionAttributeNames: { "#state": "delivery_state", "#ttl": "ttl_timestamp" },
          ExpressionAttributeValues: {
            ":sending": "sending" satisfies DeliveryState,
            ":failed": "failed" satisfies DeliveryState,
            ":now": now,
            ":abandoned": now - ABANDONED_MS,
            ":expiry": Math.floor(now / 1000) + KEEP_SECONDS,
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return new Delivery(alert, table, Attributes?.["counted"] === true);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.Item?.["delivery_state"]?.S !== ("sending" satisfies DeliveryState)) return undefined;
      throw new DeliveryUnderWayError(
        `Alert ${alert.alert_id} of ${alert.triggered_at} is being mailed by another invocation; ` +
          "this one fails so that Lambda repeats it when the outcome is known.",
      );
    }
  }

  /**
   * Records how it ended.
   *
   * @param counted whether the mail has been taken from the quotas, now or earlier
   * @throws whatever DynamoDB answers after its retries
   */
  async end(state: Exclude<DeliveryState, "sending">, counted: boolean): Promise<void> {
    await tables().send(
      new UpdateCommand({
        TableName: this.#table,
        Key: keyOf(this.#alert),
        UpdateExpression: "SET #state = :state, counted = :counted",
        ExpressionAttributeNames: { "#state": "delivery_state" },
        ExpressionAttributeValues: { ":state": state, ":counted": counted },
      }),
    );
  }
}

function keyOf(alert: AlertMessage): { readonly PK: string; readonly SK: string } {
  return { PK: `USER#${alert.user_id}`, SK: `MAIL#${alert.alert_id}#${alert.triggered_at}` };
}
