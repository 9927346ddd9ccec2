import type { AlertMessage } from "../../contract/mail";
import { PartialPublishError, publishBatch } from "../runtime/publish-batch";

/** What became of a batch: positions of the messages that were not taken, and why. */
export interface Published {
  readonly refused: readonly number[];
  readonly error?: Error;
}

/**
 * Publishes one batch of alerts.
 *
 * @returns what was refused; never throws
 */
export async function publishAlerts(alerts: readonly AlertMessage[], topicArn: string): Promise<Published> {
  try {
    await publishBatch(
      alerts.map((alert) => ({ Message: JSON.stringify(alert) })),
      topicArn,
      "alerts",
    );
    return { refused: [] };
  } catch (error) {
    if (error instanceof PartialPublishError) return { refused: error.refused, error };
    const all = alerts.map((_, index) => index);
    return { refused: all, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
