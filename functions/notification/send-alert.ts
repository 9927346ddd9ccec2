import type { AlertMessage } from "../../contract/mail";
import { SPANS } from "../../contract/spans";
import type { Runtime } from "../runtime/handler";
import { HttpError } from "../runtime/http";
import { apiKeys } from "../runtime/secrets";
import { annotate, traced } from "../runtime/tracing";
import { alertMail } from "./alert-mail";
import { Delivery } from "./delivery";
import { takeMail } from "./quota";
import { recipientOf } from "./recipient";
import { sendMail } from "./send-mail";

/** What became of an alert. Only a spent quota counts as `EmailsSuppressed`; the others are nobody's loss. */
export type Outcome = "sent" | "no_address" | "inactive" | "user_quota" | "daily_quota" | "duplicate";

/**
 * Mails one alert, once, however often it is delivered.
 *
 * @param remainingMs milliseconds the invocation has left
 * @throws whatever kept the mail from being accepted; the alert can then be delivered again
 */
export async function sendAlert(
  runtime: Runtime<"notification">,
  alert: AlertMessage,
  remainingMs: () => number,
): Promise<Outcome> {
  const work = async (): Promise<Outcome> => {
    const outcome = await outcomeOf(runtime, alert, remainingMs);
    if (outcome !== "sent") annotate("suppressed_reason", outcome);
    return outcome;
  };
  return traced(SPANS.sendAlert, work, { alert_type: alert.alert_type });
}

async function outcomeOf(
  runtime: Runtime<"notification">,
  alert: AlertMessage,
  remainingMs: () => number,
): Promise<Outcome> {
  const { USERS_TABLE } = runtime.config.variables;
  const recipient = await recipientOf(alert.user_id, USERS_TABLE, Date.now());
  if ("reason" in recipient) return recipient.reason;
  const delivery = await Delivery.claim(alert, USERS_TABLE, Date.now());
  if (delivery === undefined) return "duplicate";
  let { counted } = delivery;
  try {
    const spent = counted ? undefined : await takeMail(alert.user_id, USERS_TABLE, Date.now());
    if (spent !== undefined) {
      await delivery.end("suppressed", counted);
      runtime.metrics.emit("EmailsSuppressed", 1);
      return spent;
    }
    counted = true;
    await mail(runtime, alert, recipient.address, remainingMs);
  } catch (error) {
    await record(runtime, alert, () => delivery.end("failed", counted));
    throw error;
  }
  await record(runtime, alert, () => delivery.end("sent", counted));
  return "sent";
}

/**
 * Writes how a delivery ended. A failure is logged and no more: thrown after the mail was accepted it would bring the
 * mail a second time, and a delivery without an end can be claimed again when its invocation must be over.
 */
async function record(
  { logger }: Runtime<"notification">,
  { alert_id }: AlertMessage,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    logger.warn("delivery not recorded", { alert_id }, error);
  }
}

async function mail(
  { config, metrics }: Runtime<"notification">,
  alert: AlertMessage,
  to: string,
  remainingMs: () => number,
): Promise<void> {
  const { SENDGRID_SECRET_ARN, SENDGRID_BASE_URL, FROM_EMAIL, DASHBOARD_URL } = config.variables;
  metrics.emit("EmailsAttempted", 1);
  const apiKey = await apiKeys.read(SENDGRID_SECRET_ARN);
  const access = { baseUrl: SENDGRID_BASE_URL, apiKey };
  try {
    await sendMail(access, { from: FROM_EMAIL, to }, alertMail(alert, DASHBOARD_URL), remainingMs);
  } catch (error) {
    // A replaced key must be picked up by the next attempt, not tomorrow.
    if (error instanceof HttpError && error.failure === "unauthorized") apiKeys.forget(SENDGRID_SECRET_ARN);
    throw error;
  }
  metrics.emit("EmailsSent", 1);
}
