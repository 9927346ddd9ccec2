import { retryAfterMs } from "./reconnect-delay";
import { type Ending, type StopReason, StreamRefusedError } from "./stream-state";

/** How a connection ended. */
export interface Ended {
  readonly ending: Ending;
  /** Why there shall be no other. */
  readonly stop?: StopReason | undefined;
  readonly error?: unknown;
  readonly retryAfterMs?: number | undefined;
}

const STOPPING: Readonly<Record<number, StopReason>> = {
  204: "no-content",
  401: "unauthorized",
  403: "forbidden",
};

/** How an answer that is no stream ends its connection; undefined when it is one. */
export function refusalOf({ status, headers }: Response): Ended | undefined {
  const stop = STOPPING[status];
  if (status === 200 && /^text\/event-stream\s*(;|$)/i.test(headers.get("content-type") ?? "")) {
    return undefined;
  }
  return {
    ending: stop ? "refused" : "network",
    stop,
    error: status === 204 ? undefined : new StreamRefusedError(status),
    retryAfterMs: retryAfterMs(headers.get("retry-after")),
  };
}
