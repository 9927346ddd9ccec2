import { connect } from "./connection";
import { createEventQueue } from "./event-queue";
import { QUEUE_LIMIT, REMEMBERED_CONNECTIONS } from "./limits";
import { reconnectDelay } from "./reconnect-delay";
import { createSeen, type Seen } from "./seen-events";
import { newSessionId } from "./session-id";
import { StreamError } from "./stream-error";
import type { EventStream, StreamOptions } from "./stream-options";
import type { ConnectionRecord, StateReason, StopReason, StreamState } from "./stream-state";
import { tell } from "./tell";
import type { Writable } from "./writable";

export { createEventParser, type EventParser, type EventSourceState } from "./event-parser";
export { StreamError } from "./stream-error";
export type { StreamEvent } from "./stream-event";
export type { EventStream, HeaderValues, StreamOptions } from "./stream-options";
export type { ConnectionRecord, Ending, StateReason, StopReason, StreamState } from "./stream-state";

/**
 * Opens a stream of server-sent events over `fetch` and keeps it open (CLI-1 to CLI-5).
 *
 * @param url absolute, or relative to the page
 * @throws TypeError when the URL or the headers are malformed
 */
export function openStream(url: string | URL, options: StreamOptions = {}): EventStream {
  const { onEvent, signal, headers, queueLimit = QUEUE_LIMIT } = options;
  const { document } = globalThis;
  const target = new URL(url, document?.baseURI);
  const page = options.pauseWhenHidden ? document : undefined;
  const queue = createEventQueue(queueLimit);
  const memory = createSeen();
  const connections: ConnectionRecord[] = [];
  let iterated = !onEvent;
  let controller: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dormant = false;
  let hidden = false;
  let sequence = 0;
  if (typeof headers !== "function") new Headers(headers);

  const stream: Writable<EventStream> = {
    state: "CONNECTING",
    reason: "start",
    sessionId: newSessionId(),
    lastEventId: options.lastEventId ?? "",
    connections,
    close() {
      queue.clear();
      stop("cancelled");
    },
    [Symbol.asyncIterator]() {
      iterated = true;
      return {
        next: queue.next,
        async return() {
          stream.close();
          return { done: true, value: undefined };
        },
      };
    },
  };

  const closed = (): boolean => stream.state === "CLOSED";

  function change(state: StreamState, reason: StateReason): void {
    if (closed()) return;
    stream.state = state;
    stream.reason = reason;
    tell(options.onState, state, reason);
  }

  function stop(reason: StopReason, error?: unknown): void {
    signal?.removeEventListener("abort", stream.close);
    page?.removeEventListener("visibilitychange", look);
    clearTimeout(timer);
    queue.end(error);
    change("CLOSED", reason);
    controller?.abort();
  }

  function look(): void {
    if (page?.hidden) {
      hidden = true;
      controller?.abort();
    } else if (dormant) {
      void attempt();
    }
  }

  /** Makes a connection, and sees to the next when it has ended. */
  async function attempt(): Promise<void> {
    hidden = dormant = page?.hidden === true;
    if (dormant) return change("CONNECTING", "hidden");
    sequence += 1;
    const record: Writable<ConnectionRecord> = { sequence, startedAt: Date.now(), events: 0 };
    const before = connections.at(-1);
    if (connections.push(record) > REMEMBERED_CONNECTIONS) connections.shift();
    controller = new AbortController();
    let seen: Seen;
    const ended = await connect({
      target,
      options,
      controller,
      stream,
      record,
      queue,
      opened() {
        seen = memory(record.resumed);
        change("OPEN", "open");
        tell(options.onConnection, record);
      },
      deliver(event) {
        if (seen(event) || closed()) return;
        if (iterated) queue.push(event);
        tell(onEvent, event);
      },
    });
    const { error } = record;
    const { reason, retryAfterMs } = error instanceof StreamError ? error : ({} as Partial<StreamError>);
    const ending = closed() ? "cancelled" : hidden ? "hidden" : reason ? "refused" : ended;
    record.ending = ending;
    record.consecutive = 1;
    if (before?.ending === ending && !record.events) record.consecutive += before.consecutive ?? 0;
    if (!closed() && !reason) {
      record.delayMs = hidden ? 0 : reconnectDelay(ending, record.consecutive, stream.retryMs, retryAfterMs);
      timer = setTimeout(attempt, record.delayMs);
    }
    tell(options.onConnection, record);
    if (reason && !closed()) stop(reason, error);
    else change("CONNECTING", ending);
  }

  signal?.addEventListener("abort", stream.close);
  page?.addEventListener("visibilitychange", look);
  // Not before the caller has the stream, which callbacks may want to close.
  queueMicrotask(() => {
    if (signal?.aborted) stream.close();
    if (!closed()) void attempt();
  });
  return stream;
}
