import { PublishBatchCommand } from "@aws-sdk/client-sns";
import type { AlertMessage } from "../../contract/mail";
import { topics } from "../runtime/clients";

/** SNS takes at most ten messages in a batch. */
export const ALERT_BATCH = 10;

/** SNS took a batch only in part; the answer is a success as far as the SDK can see. */
class PartialPublishError extends Error {
  override readonly name = "PartialPublishError";
}

/** What became of a batch: positions of the messages that were not taken, and why. */
export interface Published {
  readonly refused: readonly number[];
  readonly error?: Error;
}

/**
 * Publishes at most ten alerts in one call. No trace data goes into the messages: SNS carries the context itself
 * (SNS-1).
 *
 * @returns what was refused; never throws
 */
export async function publishAlerts(alerts: readonly AlertMessage[], topicArn: string): Promise<Published> {
  try {
    const { Failed = [] } = await topics().send(
      new PublishBatchCommand({
        TopicArn: topicArn,
        PublishBatchRequestEntries: alerts.map((alert, index) => ({
          Id: String(index),
          Message: JSON.stringify(alert),
        })),
      }),
    );
    if (Failed.length === 0) return { refused: [] };
    const codes = [...new Set(Failed.map(({ Code }) => Code))].join(", ");
    const error = new PartialPublishError(
      `SNS refused ${Failed.length} of ${alerts.length} alerts: ${codes}`,
    );
    return { refused: Failed.map(({ Id }) => Number(Id)), error };
  } catch (error) {
    const all = alerts.map((_, index) => index);
    return { refused: all, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
