import { STREAM } from "../contract/streaming";
import { connect } from "./connection";
import { createConnectionLog } from "./connection-log";
import { createEventQueue } from "./event-queue";
import { createPause } from "./pause";
import { reconnectDelay } from "./reconnect-delay";
import { createSession } from "./session";
import type { StreamEvent } from "./stream-event";
import type { EventStream, StreamOptions } from "./stream-options";
import type { ConnectionRecord, Ending, StateReason, StopReason, StreamState } from "./stream-state";
import { tell } from "./tell";
import { createVisibility } from "./visibility";

export {
  createEventParser,
  type EventParser,
  type EventParserOptions,
  EventTooLargeError,
} from "./event-parser";
export type { StreamEvent } from "./stream-event";
export type { EventStream, HeaderValues, StreamOptions } from "./stream-options";
export {
  type ConnectionRecord,
  type Ending,
  type StateReason,
  type StopReason,
  type StreamState,
  StreamStoppedError,
} from "./stream-state";

/** Two and a half heartbeats of our own server. */
const SILENCE_MS = STREAM.heartbeatIntervalSeconds * 2500;
const CONNECT_MS = 20_000;
const QUEUE_LIMIT = 1000;

/**
 * Opens a stream of server-sent events over `fetch` and keeps it open (CLI-1 to CLI-5).
 *
 * @param url absolute, or relative to the page
 * @throws TypeError when the URL or the headers are malformed
 */
export function openStream(url: string | URL, options: StreamOptions = {}): EventStream {
  const { onEvent, onState, signal, queueLimit = QUEUE_LIMIT } = options;
  const { connectTimeoutMs = CONNECT_MS, silenceTimeoutMs = SILENCE_MS } = options;
  const session = createSession(new URL(url, globalThis.document?.baseURI), options);
  const queue = createEventQueue(queueLimit);
  const log = createConnectionLog(options.onConnection);
  const pause = createPause();
  let state: StreamState = "CONNECTING";
  let reason: StateReason = "start";
  let iterated = !onEvent;
  let controller: AbortController | undefined;
  let hidden = false;
  let consecutive = 0;
  let last: Ending | undefined;
  const visibility = createVisibility(options.pauseWhenHidden ? globalThis.document : undefined, () => {
    hidden = true;
    controller?.abort();
  });

  const closed = (): boolean => state === "CLOSED";

  function change(next: StreamState, why: StateReason): void {
    if (closed() || (state === next && reason === why)) return;
    state = next;
    reason = why;
    tell(onState, next, why);
  }

  function stop(why: StopReason, error?: unknown): void {
    signal?.removeEventListener("abort", close);
    visibility.end();
    change("CLOSED", why);
    queue.end(error);
    controller?.abort();
    pause.end();
  }

  function close(): void {
    if (closed()) return;
    queue.clear();
    stop("cancelled");
  }

  function deliver(event: StreamEvent): void {
    if (closed()) return;
    if (iterated) queue.push(event);
    tell(onEvent, event);
  }

  /** Makes one connection; resolves when it has ended and the next is due. */
  async function follow(sequence: number): Promise<void> {
    const exchange = session.exchange(sequence, deliver);
    const startedAt = Date.now();

    function write(end?: Pick<ConnectionRecord, "ending" | "consecutive" | "delayMs" | "error">): void {
      const { traceId, status, resumed } = exchange;
      log.write({ sequence, traceId, startedAt, status, resumed, ...end });
    }

    controller = new AbortController();
    hidden = false;
    const { error, ...ended } = await connect({
      exchange,
      controller,
      connectTimeoutMs,
      silenceTimeoutMs,
      room: queue.room,
      opened() {
        change("OPEN", "open");
        write();
      },
    });
    const ending = closed() ? "cancelled" : hidden ? "hidden" : ended.ending;
    consecutive = ending === last && exchange.events === 0 ? consecutive + 1 : 1;
    last = ending;
    if (closed() || ended.stop) {
      write({ ending, consecutive, error: closed() ? undefined : error });
      if (ended.stop) stop(ended.stop, error);
      return;
    }
    const { retryMs } = session;
    const { retryAfterMs } = ended;
    const delayMs = hidden ? 0 : reconnectDelay({ ending, consecutive, retryMs, retryAfterMs });
    write({ ending, consecutive, delayMs, error: hidden ? undefined : error });
    change("CONNECTING", ending);
    if (!closed()) await pause.wait(delayMs);
  }

  async function run(): Promise<void> {
    for (let sequence = 1; !closed(); sequence += 1) {
      if (visibility.hidden()) change("CONNECTING", "hidden");
      await visibility.shown();
      if (!closed()) await follow(sequence);
    }
  }

  signal?.addEventListener("abort", close);
  // Not before the caller has the stream: callbacks may want it.
  queueMicrotask(() => {
    if (signal?.aborted) close();
    void run();
  });

  return {
    get state() {
      return state;
    },
    get reason() {
      return reason;
    },
    get lastEventId() {
      return session.lastEventId;
    },
    get connections() {
      return log.records;
    },
    sessionId: session.id,
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
