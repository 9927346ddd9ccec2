import type { SNSEvent } from "aws-lambda";
import { asyncHandler, type Runtime, startRuntime } from "../runtime/handler";
import { DeliveryUnderWayError } from "./delivery";
import { InvalidMessageError, readAlert } from "./message";
import { quotaUsed } from "./quota";
import { type Outcome, sendAlert } from "./send-alert";

const runtime = startRuntime("notification");

/** What became of the records of an event. */
interface Notified {
  readonly sent: number;
  readonly suppressed: number;
}

/**
 * Runs once per SNS message. Like analysis it tries every record, and if any failed the event fails and goes through
 * retries to the dead-letter queue whole (D6). Alerts that were mailed are recognised then and not mailed again.
 */
export const handler = asyncHandler(
  runtime,
  async (event: SNSEvent, context): Promise<Notified> => {
    const outcomes: Outcome[] = [];
    const errors: unknown[] = [];
    const records = event.Records ?? [];
    if (records.length === 0) {
      runtime.metrics.emit("EmailsFailed", 1);
      throw new InvalidMessageError(
        "The event has no SNS records; only the notifications topic may invoke notification.",
      );
    }
    for (const record of records) {
      try {
        outcomes.push(await sendAlert(runtime, readAlert(record), () => context.getRemainingTimeInMillis()));
      } catch (error) {
        if (!(error instanceof DeliveryUnderWayError)) runtime.metrics.emit("EmailsFailed", 1);
        runtime.logger.error("record failed", { message_id: record.Sns?.MessageId ?? "" }, error);
        errors.push(error);
      }
    }
    await emitQuota(runtime);
    if (errors.length > 1) {
      throw new AggregateError(errors, `${errors.length} of ${records.length} records failed`);
    }
    if (errors.length === 1) throw errors[0];
    const sent = outcomes.filter((outcome) => outcome === "sent").length;
    return { sent, suppressed: outcomes.length - sent };
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
