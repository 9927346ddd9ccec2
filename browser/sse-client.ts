import { connect, type Draft } from "./connection";
import { createEventQueue } from "./event-queue";
import { createMemory } from "./memory";
import { reconnectDelay } from "./reconnect-delay";
import { StreamError } from "./stream-error";
import type { StreamEvent } from "./stream-event";
import type { EventStream, StreamOptions } from "./stream-options";
import type { ConnectionRecord, StateReason, StopReason, StreamState } from "./stream-state";
import { tell } from "./tell";

export { createEventParser, type EventParser, type EventParserOptions } from "./event-parser";
export { StreamError } from "./stream-error";
export type { StreamEvent } from "./stream-event";
export type { EventStream, HeaderValues, StreamOptions } from "./stream-options";
export type { ConnectionRecord, Ending, StateReason, StopReason, StreamState } from "./stream-state";

const QUEUE_LIMIT = 1000;
const REMEMBERED_CONNECTIONS = 50;

/**
 * Opens a stream of server-sent events over `fetch` and keeps it open (CLI-1 to CLI-5).
 *
 * @param url absolute, or relative to the page
 * @throws TypeError when the URL or the headers are malformed
 */
export function openStream(url: string | URL, options: StreamOptions = {}): EventStream {
  const { onEvent, onState, onConnection, signal, headers, queueLimit = QUEUE_LIMIT } = options;
  const { document } = globalThis;
  const target = new URL(url, document?.baseURI);
  if (typeof headers !== "function") new Headers(headers);
  const page = options.pauseWhenHidden ? document : undefined;
  const memory = createMemory(options.lastEventId);
  const queue = createEventQueue(queueLimit);
  const connections: ConnectionRecord[] = [];
  let state: StreamState = "CONNECTING";
  let reason: StateReason = "start";
  let iterated = !onEvent;
  let controller: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dormant = false;
  let hidden = false;
  let sequence = 0;

  const closed = (): boolean => state === "CLOSED";

  function change(next: StreamState, why: StateReason): void {
    if (closed()) return;
    state = next;
    reason = why;
    tell(onState, next, why);
  }

  function stop(why: StopReason, error?: unknown): void {
    signal?.removeEventListener("abort", close);
    page?.removeEventListener("visibilitychange", look);
    clearTimeout(timer);
    queue.end(error);
    change("CLOSED", why);
    controller?.abort();
  }

  function close(): void {
    if (closed()) return;
    queue.clear();
    stop("cancelled");
  }

  function look(): void {
    if (page?.hidden) {
      hidden = true;
      controller?.abort();
    } else if (dormant) {
      void attempt();
    }
  }

  function deliver(event: StreamEvent): void {
    if (closed()) return;
    if (iterated) queue.push(event);
    tell(onEvent, event);
  }

  /** Makes a connection, and sees to the next when it has ended. */
  async function attempt(): Promise<void> {
    dormant = page?.hidden === true;
    if (dormant) return change("CONNECTING", "hidden");
    hidden = false;
    controller = new AbortController();
    sequence += 1;
    const draft: Draft = { sequence, startedAt: Date.now(), events: 0 };
    const before = connections.at(-1);
    connections.push(draft);
    if (connections.length > REMEMBERED_CONNECTIONS) connections.shift();
    const { ending, error } = await connect({
      target,
      options,
      memory,
      draft,
      controller,
      queue,
      deliver,
      opened() {
        change("OPEN", "open");
        tell(onConnection, { ...draft });
      },
    });
    const { reason: why, retryAfterMs } = error instanceof StreamError ? error : ({} as Partial<StreamError>);
    draft.error = error;
    draft.ending = closed() ? "cancelled" : hidden ? "hidden" : ending;
    draft.consecutive = 1;
    if (draft.ending === before?.ending && !draft.events) draft.consecutive += before.consecutive ?? 0;
    if (!closed() && !why) {
      draft.delayMs = hidden
        ? 0
        : reconnectDelay(draft.ending, draft.consecutive, memory.retryMs, retryAfterMs);
      timer = setTimeout(attempt, draft.delayMs);
    }
    tell(onConnection, { ...draft });
    if (why && !closed()) stop(why, error);
    else change("CONNECTING", draft.ending);
  }

  signal?.addEventListener("abort", close);
  page?.addEventListener("visibilitychange", look);
  // Not before the caller has the stream, which callbacks may want to close.
  queueMicrotask(() => {
    if (signal?.aborted) close();
    if (!closed()) void attempt();
  });

  return {
    get state() {
      return state;
    },
    get reason() {
      return reason;
    },
    get lastEventId() {
      return memory.lastEventId;
    },
    get connections() {
      return connections.map((one) => ({ ...one }));
    },
    sessionId: memory.sessionId,
    close,
    [Symbol.asyncIterator]() {
      iterated = true;
      return {
        next: queue.next,
        async return() {
          close();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
