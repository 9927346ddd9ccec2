import { HEADERS } from "../contract/headers";
import { STREAM_EVENTS } from "../contract/streaming";
import { createEventParser } from "./event-parser";
import type { EventQueue } from "./event-queue";
import { traceOfEvent } from "./event-trace";
import { BEATS, CLOSING_MS, CONNECT_MS, SILENCE_MS } from "./limits";
import { refuseOthers } from "./refusal";
import { requestHeaders } from "./request";
import type { StreamEvent } from "./stream-event";
import type { EventStream, StreamOptions } from "./stream-options";
import type { ConnectionRecord, Ending } from "./stream-state";
import { bareTraceId } from "./trace-header";
import type { Writable } from "./writable";

const SENTINELS: readonly string[] = [STREAM_EVENTS.done, STREAM_EVENTS.deadline];

/** What a connection works with. */
export interface Connecting {
  readonly target: URL;
  readonly options: StreamOptions;
  readonly controller: AbortController;
  /** Keeps what outlives the connection. */
  readonly stream: Writable<EventStream>;
  /** Is written while the connection lasts. */
  readonly record: Writable<ConnectionRecord>;
  /** Nothing is read while it has no room. */
  readonly queue: EventQueue;
  /** Called when the answer is a stream. */
  opened(): void;
  deliver(event: StreamEvent): void;
}

/**
 * Makes a connection, reads it to its end and returns how it ended. Never rejects; leaves no timer, reader or request
 * behind (CLI-5).
 */
export async function connect(connecting: Connecting): Promise<Ending> {
  const { target, options, controller, stream, record, queue } = connecting;
  const { connectTimeoutMs = CONNECT_MS, silenceTimeoutMs = SILENCE_MS, sentinels = SENTINELS } = options;
  const { signal } = controller;
  let ending = "abnormal" as Ending;
  let beats: ReturnType<typeof setInterval> | undefined;
  let quietBeats = 0;
  let trace: string | undefined;
  let lastData = "";

  /**
   * Gives up when nothing resets the count for so long, or up to a quarter longer. Beats cost less than a timer for each
   * chunk, do not mind when the clock is set, and after a sleep leave time to read what came meanwhile.
   */
  function watch(milliseconds: number): void {
    clearInterval(beats);
    quietBeats = 0;
    if (milliseconds > 0) {
      beats = setInterval(() => {
        quietBeats += 1;
        if (quietBeats > BEATS) controller.abort(new DOMException("", "TimeoutError"));
      }, milliseconds / BEATS);
    }
  }

  try {
    watch(connectTimeoutMs);
    const aborted = new Promise<never>((_, fail) => {
      signal.addEventListener("abort", () => fail(signal.reason));
    });
    const headers = await Promise.race([requestHeaders(target, options, stream, record.sequence), aborted]);
    record.traceId = bareTraceId(headers.get(HEADERS.traceId));
    const init = { ...options, headers, signal, cache: "no-store" } as const;
    const response = await (options.fetch ?? fetch)(target, init);
    const answer = response.headers;
    record.status = response.status;
    trace = bareTraceId(answer.get(HEADERS.traceId));
    refuseOthers(response);
    record.resumed = answer.get(HEADERS.resumeSupported) !== "false";
    connecting.opened();
    const reader = response.body?.getReader();
    const onEvent = (event: StreamEvent): void => {
      record.events += 1;
      lastData = event.data;
      if (ending === "abnormal" && sentinels.includes(event.event)) {
        ending = "graceful";
        watch(CLOSING_MS);
      }
      connecting.deliver(event);
    };
    const parser = createEventParser(onEvent, stream, options.maxEventLength);
    watch(silenceTimeoutMs);
    for (;;) {
      const room = queue.room();
      if (room) {
        quietBeats = Number.NEGATIVE_INFINITY;
        await room;
        quietBeats = 0;
        continue;
      }
      if (ending === "abnormal") quietBeats = 0;
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      parser.feed(value);
    }
  } catch (error) {
    if (ending === "abnormal") {
      record.error = error;
      ending = "network";
    }
  } finally {
    watch(0);
    controller.abort();
    trace ??= traceOfEvent(lastData);
    record.traceId = trace ?? record.traceId;
    stream.previousTrace = trace ?? stream.previousTrace;
  }
  return ending;
}
