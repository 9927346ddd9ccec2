import { EventTooLargeError } from "./event-parser";
import { retryAfterMs } from "./reconnect-delay";
import type { Exchange } from "./session";
import { type Ending, type StopReason, StreamStoppedError } from "./stream-state";
import { createWatchdog } from "./watchdog";

/** What a server that announced the end may take to close. */
const CLOSING_MS = 1000;
const CONTENT_TYPE = /^text\/event-stream\s*(?:;|$)/i;
const STOPPING: Readonly<Record<number, StopReason>> = {
  204: "no-content",
  401: "unauthorized",
  403: "forbidden",
};

/** What a connection works with; times in milliseconds, 0 for ever. */
export interface Connecting {
  readonly exchange: Exchange;
  readonly controller: AbortController;
  readonly connectTimeoutMs: number;
  readonly silenceTimeoutMs: number;
  /** Called when the answer is a stream. */
  opened(): void;
  /** Resolves when more may be read; undefined when it may already. */
  room(): Promise<void> | undefined;
}

/** How a connection ended. */
export interface Ended {
  readonly ending: Ending;
  readonly stop?: StopReason;
  readonly error?: unknown;
  readonly retryAfterMs?: number | undefined;
}

function refusalOf({ status, headers }: Response): Ended | undefined {
  const stop = STOPPING[status];
  if (stop) {
    return {
      ending: "refused",
      stop,
      error: status === 204 ? undefined : new StreamStoppedError(stop, status),
    };
  }
  if (status === 200 && CONTENT_TYPE.test(headers.get("content-type") ?? "")) return undefined;
  return {
    ending: "network",
    error: new TypeError(`The server answered ${status}, expected 200 with text/event-stream.`),
    retryAfterMs: retryAfterMs(headers.get("retry-after")),
  };
}

/** Makes a connection and reads it to its end. Never rejects; leaves no timer, reader or request behind (CLI-5). */
export async function connect({ exchange, controller, ...connecting }: Connecting): Promise<Ended> {
  const { signal } = controller;
  const watchdog = createWatchdog(() =>
    controller.abort(new DOMException("The server is silent.", "TimeoutError")),
  );
  const aborted = new Promise<never>((_, fail) => {
    signal.addEventListener("abort", () => fail(signal.reason));
  });
  try {
    watchdog.watch(connecting.connectTimeoutMs);
    const response = await Promise.race([exchange.request(signal), aborted]);
    const parser = exchange.answered(response);
    const refusal = refusalOf(response);
    if (refusal) return refusal;
    connecting.opened();
    const reader = response.body?.getReader();
    let closeBy = 0;
    for (;;) {
      watchdog.watch(0);
      await connecting.room();
      if (exchange.announced) closeBy ||= performance.now() + CLOSING_MS;
      watchdog.watch(closeBy ? Math.max(1, closeBy - performance.now()) : connecting.silenceTimeoutMs);
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (value) parser.feed(value);
      if (done) break;
    }
    parser.end();
    return { ending: exchange.announced ? "graceful" : "abnormal" };
  } catch (error) {
    if (error instanceof EventTooLargeError) return { ending: "cancelled", stop: "too-large", error };
    return exchange.announced ? { ending: "graceful" } : { ending: "network", error };
  } finally {
    watchdog.stop();
    controller.abort();
    exchange.end();
  }
}
