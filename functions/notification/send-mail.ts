import { setTimeout as sleep } from "node:timers/promises";
import { SPANS } from "../../contract/spans";
import { HttpError, type HttpFailure } from "../runtime/http";
import { annotate, traced } from "../runtime/tracing";
import type { Mail } from "./alert-mail";
import { type Envelope, type ProviderAccess, postMail } from "./mail-provider";

/** Requests for one mail in one invocation; Lambda repeats the invocation after that. */
const ATTEMPTS = 3;
/** One request may take this long, milliseconds; accepted mail is answered in a fraction of a second. */
const ATTEMPT_MS = 3000;
/** No request gets less time to be answered, milliseconds. */
const SHORTEST_MS = 500;
/** Milliseconds that remain for the records and metrics after the last request. */
const RESERVE_MS = 5000;
/** First pause, milliseconds; it doubles, and a random part of it is waited. */
const PAUSE_MS = 400;
/** Pause after a 429 that names none, milliseconds. */
const RATE_LIMIT_PAUSE_MS = 1000;

/** Failures another request may not meet. A refused key or mail stays refused. */
const PASSING: readonly HttpFailure[] = ["rate-limited", "server-error", "timeout", "unreachable"];

/**
 * Sends one mail, asking up to three times while the provider limits its rate, fails or does not answer. A request
 * that timed out may have been accepted; then the mail comes twice, which beats not at all.
 *
 * @param remainingMs milliseconds the invocation has left
 * @throws HttpError of the last request
 */
export async function sendMail(
  access: ProviderAccess,
  envelope: Envelope,
  mail: Mail,
  remainingMs: () => number,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const error = await ask(access, envelope, mail, attempt, remainingMs() - RESERVE_MS);
    if (error === undefined) return;
    const pause = pauseAfter(error, attempt);
    const left = remainingMs() - RESERVE_MS - pause;
    if (attempt >= ATTEMPTS || !PASSING.includes(error.failure) || left < SHORTEST_MS) throw error;
    await sleep(pause);
  }
}

function pauseAfter(error: HttpError, attempt: number): number {
  if (error.failure === "rate-limited") return error.retryAfterMs ?? RATE_LIMIT_PAUSE_MS;
  return Math.random() * PAUSE_MS * 2 ** (attempt - 1);
}

/**
 * One request in a subsegment of its own (SG-1). An answer of 429 is an annotation on it, any other failure a fault.
 *
 * @returns why it failed, or `undefined` when the provider accepted the mail
 */
async function ask(
  access: ProviderAccess,
  envelope: Envelope,
  mail: Mail,
  attempt: number,
  leftMs: number,
): Promise<HttpError | undefined> {
  const request = async (): Promise<HttpError | undefined> => {
    try {
      const timeoutMs = Math.max(SHORTEST_MS, Math.min(ATTEMPT_MS, Math.round(leftMs)));
      annotateStatus(await postMail(access, envelope, mail, timeoutMs));
      return undefined;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      annotateStatus(error.status);
      if (error.failure !== "rate-limited") throw error;
      annotate("rate_limited", true);
      return error;
    }
  };
  const annotations = { attempt, recipient_count: 1, template_name: mail.template };
  try {
    return await traced(SPANS.sendMail, request, annotations);
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

function annotateStatus(status: number | undefined): void {
  annotate("sendgrid_status", status ?? 0);
  if (status !== undefined) annotate("http_status", status);
}
