import { retryAfterMs } from "./reconnect-delay";
import { StreamError } from "./stream-error";
import type { StopReason } from "./stream-state";

const STOPPING: Readonly<Record<number, StopReason>> = {
  204: "no-content",
  401: "unauthorized",
  403: "forbidden",
};

/**
 * Lets an event stream pass and nothing else.
 *
 * @throws StreamError with a reason when there is no point in asking again
 */
export function refuseOthers({ status, headers }: Response): void {
  if (status === 200 && /^text\/event-stream\s*(;|$)/i.test(headers.get("content-type") ?? "")) return;
  throw new StreamError(
    `Status ${status}, expected 200 text/event-stream`,
    STOPPING[status],
    status,
    retryAfterMs(headers.get("retry-after") ?? ""),
  );
}
