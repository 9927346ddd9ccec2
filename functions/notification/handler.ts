import type { SNSEvent } from "aws-lambda";
import { asyncHandler, type Runtime, startRuntime } from "../runtime/handler";
import { tryRecords } from "../runtime/sns-records";
import { DeliveryUnderWayError } from "./delivery";
import { InvalidMessageError, readAlert } from "./message";
import { quotaUsed } from "./quota";
import { sendAlert } from "./send-alert";

const runtime = startRuntime("notification");

/** What became of the records of an event. */
interface Notified {
  readonly sent: number;
  readonly suppressed: number;
}

/**
 * Runs once per SNS message. Alerts that were mailed when another record failed are recognised at the event's next try
 * and not mailed again.
 */
export const handler = asyncHandler(
  runtime,
  async (event: SNSEvent, context): Promise<Notified> => {
    const records = event.Records ?? [];
    if (records.length === 0) {
      runtime.metrics.emit("EmailsFailed", 1);
      throw new InvalidMessageError(
        "The event has no SNS records; only the notifications topic may invoke notification.",
      );
    }
    const { results, error } = await tryRecords(
      records,
      runtime.logger,
      (record) => sendAlert(runtime, readAlert(record), () => context.getRemainingTimeInMillis()),
      (error) => {
        if (!(error instanceof DeliveryUnderWayError)) runtime.metrics.emit("EmailsFailed", 1);
      },
    );
    await emitQuota(runtime);
    if (error !== undefined) throw error;
    const sent = results.filter((outcome) => outcome === "sent").length;
    return { sent, suppressed: results.length - sent };
  },
  { metricsMustArrive: false },
);

/** A share that cannot be read is left out: what became of the mails matters more. */
async function emitQuota({ config, logger, metrics }: Runtime<"notification">): Promise<void> {
  try {
    metrics.emit("EmailQuotaUsed", await quotaUsed(config.variables.USERS_TABLE, Date.now()));
  } catch (error) {
    logger.warn("mail quota not read", {}, error);
  }
}
