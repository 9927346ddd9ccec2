import { HEADERS } from "../contract/headers";
import { STREAM, STREAM_EVENTS } from "../contract/streaming";
import { createEventParser } from "./event-parser";
import type { EventQueue } from "./event-queue";
import { traceOfEvent } from "./event-trace";
import { isRepeated, type Memory } from "./memory";
import { refuseOthers } from "./refusal";
import { requestHeaders } from "./request";
import { StreamError } from "./stream-error";
import type { StreamEvent } from "./stream-event";
import type { StreamOptions } from "./stream-options";
import type { ConnectionRecord, Ending } from "./stream-state";
import { bareTraceId } from "./trace-header";

const CONNECT_MS = 20_000;
/** Two and a half heartbeats of our own server. */
const SILENCE_MS = STREAM.heartbeatIntervalSeconds * 2500;
/** What a server that announced the end may take to close. */
const CLOSING_MS = 1000;
const SENTINELS: readonly string[] = [STREAM_EVENTS.done, STREAM_EVENTS.deadline];

/** A record that is still being written. */
export type Draft = { -readonly [Key in keyof ConnectionRecord]: ConnectionRecord[Key] };

/** What a connection works with. */
export interface Connecting {
  readonly target: URL;
  readonly options: StreamOptions;
  readonly memory: Memory;
  readonly draft: Draft;
  readonly controller: AbortController;
  /** Called when the answer is a stream. */
  opened(): void;
  /** Called with events no former connection brought. */
  deliver(event: StreamEvent): void;
  /** Nothing is read while it is full. */
  readonly queue: EventQueue;
}

/** How a connection ended. */
export interface Ended {
  readonly ending: Ending;
  readonly error?: unknown;
}

/** Makes a connection and reads it to its end. Never rejects; leaves no timer, reader or request behind (CLI-5). */
export async function connect(connecting: Connecting): Promise<Ended> {
  const { target, options, memory, draft, controller, queue } = connecting;
  const { method = "GET", body = null, credentials = "same-origin", maxEventLength } = options;
  const { connectTimeoutMs = CONNECT_MS, silenceTimeoutMs = SILENCE_MS, sentinels = SENTINELS } = options;
  const { signal } = controller;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let trace: string | undefined;
  let lastData = "";
  let announced = false;

  /** Timers do not mind when the clock is set. */
  function watch(milliseconds: number): void {
    clearTimeout(timer);
    if (milliseconds > 0) {
      timer = setTimeout(() => controller.abort(new DOMException("", "TimeoutError")), milliseconds);
    }
  }

  function onEvent(event: StreamEvent): void {
    draft.events += 1;
    memory.lastEventId = event.lastEventId;
    lastData = event.data;
    announced ||= sentinels.includes(event.event);
    const repeated = event.id && isRepeated(memory, `${event.event}\n${event.id}`, draft.sequence);
    if (!repeated || draft.resumed) connecting.deliver(event);
  }

  try {
    watch(connectTimeoutMs);
    const aborted = new Promise<never>((_, fail) => {
      signal.addEventListener("abort", () => fail(signal.reason));
    });
    const headers = await Promise.race([requestHeaders(target, options, memory, draft.sequence), aborted]);
    draft.traceId = bareTraceId(headers.get(HEADERS.traceId));
    const response = await (options.fetch ?? fetch)(target, {
      method,
      body,
      credentials,
      headers,
      signal,
      cache: "no-store",
    });
    draft.status = response.status;
    trace = bareTraceId(response.headers.get(HEADERS.traceId));
    draft.traceId = trace ?? draft.traceId;
    refuseOthers(response);
    draft.resumed = response.headers.get(HEADERS.resumeSupported) !== "false";
    connecting.opened();
    const reader = response.body?.getReader();
    const parser = createEventParser({
      onEvent,
      onRetry: (ms) => {
        memory.retryMs = ms;
      },
      maxEventLength,
      lastEventId: memory.lastEventId,
    });
    for (let closing = false; ; ) {
      if (!closing && queue.full()) watch(0);
      while (queue.full()) await queue.changed();
      if (!closing) watch(announced ? CLOSING_MS : silenceTimeoutMs);
      closing = announced;
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      parser.feed(value);
      memory.lastEventId = parser.lastEventId;
    }
    parser.end();
    return { ending: announced ? "graceful" : "abnormal" };
  } catch (error) {
    if (error instanceof StreamError && error.reason) return { ending: "refused", error };
    return announced ? { ending: "graceful" } : { ending: "network", error };
  } finally {
    watch(0);
    controller.abort();
    trace ??= traceOfEvent(lastData);
    draft.traceId = trace ?? draft.traceId;
    memory.previousTrace = trace ?? memory.previousTrace;
  }
}
