import { STREAM } from "../contract/streaming";
import { LONGEST_BACK_OFF_MS, LONGEST_RETRY_AFTER_MS, SECOND_MS } from "./limits";
import type { Ending } from "./stream-state";

/** Even over at least two seconds: clients cut off together come back apart. */
function spread(baseMs: number): number {
  return baseMs + Math.random() * Math.max(2 * SECOND_MS, baseMs / 2);
}

/**
 * Milliseconds until the next attempt (CLI-3, R-24). `retry` lengthens delays and never takes their jitter away (D33):
 * it is the base after a graceful end, and in proportion to our own server's 3000 that of the others.
 *
 * @param consecutive connections in a row that ended so without an event, the last included
 * @param retryMs the last `retry` of the server, in milliseconds
 * @param askedMs what the server's `Retry-After` asks for, in milliseconds
 */
export function reconnectDelay(
  ending: Ending,
  consecutive: number,
  retryMs: number | undefined,
  askedMs = 0,
): number {
  let baseMs = SECOND_MS;
  if (ending === "graceful") baseMs = retryMs ?? baseMs;
  else {
    baseMs *= Math.max(1, (retryMs ?? 0) / STREAM.retryMs);
    if (ending === "network") baseMs *= 2 ** (consecutive - 1);
  }
  return spread(Math.max(Math.min(baseMs, LONGEST_BACK_OFF_MS), Math.min(askedMs, LONGEST_RETRY_AFTER_MS)));
}

/** Milliseconds a `Retry-After` asks for in seconds or by a date; 0 when it does neither. */
export function retryAfterMs(value: string): number {
  const ms = /^\d+$/.test(value) ? Number(value) * SECOND_MS : Date.parse(value) - Date.now();
  return ms > 0 ? ms : 0;
}
