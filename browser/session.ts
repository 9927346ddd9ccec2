import { HEADERS } from "../contract/headers";
import { STREAM_EVENTS } from "../contract/streaming";
import { createCorrelation, traceOfData } from "./correlation";
import { createEventParser, type EventParser } from "./event-parser";
import { positionHeader } from "./position-header";
import { createSeenEvents } from "./seen-events";
import type { StreamEvent } from "./stream-event";
import type { StreamOptions } from "./stream-options";
import { bareTraceId } from "./trace-header";

/** One connection of a session: what it asks, and what it was told so far. */
export interface Exchange {
  /** Bare id of its trace: the server's word if there is one, otherwise what was sent. */
  traceId?: string | undefined;
  /** Status of the answer. */
  status?: number;
  /** Whether the server went on after the position it was sent. */
  resumed?: boolean;
  /** How many events came. */
  events: number;
  /** Whether one of them announced the end. */
  announced: boolean;
  request(signal: AbortSignal): Promise<Response>;
  /** Takes the answer, whatever it is, and returns what reads it. */
  answered(response: Response): EventParser;
  /** Lets the next connection know what is to be known. */
  end(): void;
}

/** What outlives the connections of a stream. */
export interface Session {
  readonly id: string | undefined;
  /** Position to resume from. */
  readonly lastEventId: string;
  /** The last `retry` of the server, in milliseconds. */
  readonly retryMs: number | undefined;
  /** Begins connection number so many; events go to `deliver`, without those a former connection brought. */
  exchange(sequence: number, deliver: (event: StreamEvent) => void): Exchange;
}

/**
 * Makes a session.
 *
 * @throws TypeError when the headers are malformed
 */
export function createSession(target: URL, options: StreamOptions): Session {
  const { method = "GET", body = null, credentials = "same-origin", headers, correlate = true } = options;
  const sentinels = options.sentinels ?? [STREAM_EVENTS.done, STREAM_EVENTS.deadline];
  const correlation = createCorrelation(
    typeof correlate === "boolean" ? correlate : correlate.includes(target.origin),
  );
  const seen = createSeenEvents();
  let parser: EventParser | undefined;
  let retryMs: number | undefined;
  const position = (): string => parser?.lastEventId ?? options.lastEventId ?? "";
  if (typeof headers !== "function") new Headers(headers);

  function onRetry(milliseconds: number): void {
    retryMs = milliseconds;
  }

  function exchange(sequence: number, deliver: (event: StreamEvent) => void): Exchange {
    let told: string | undefined;
    let lastData = "";
    seen.nextConnection();

    function onEvent(event: StreamEvent): void {
      one.events += 1;
      one.announced ||= sentinels.includes(event.event);
      lastData = event.data;
      if (!seen.seen(event) || one.resumed) deliver(event);
    }

    const one: Exchange = {
      events: 0,
      announced: false,
      async request(signal) {
        const values = new Headers(typeof headers === "function" ? await headers() : headers);
        const lastEventId = positionHeader(position());
        values.set("accept", "text/event-stream");
        if (lastEventId) values.set(HEADERS.lastEventId, lastEventId);
        one.traceId = correlation.stamp(values, sequence);
        const init: RequestInit = { method, body, credentials, headers: values, signal, cache: "no-store" };
        return (options.fetch ?? fetch)(target, init);
      },
      answered({ status, headers: answer }) {
        told = bareTraceId(answer.get(HEADERS.traceId));
        one.traceId = told ?? one.traceId;
        one.status = status;
        one.resumed = answer.get(HEADERS.resumeSupported) !== "false";
        parser = createEventParser({
          onEvent,
          onRetry,
          maxEventLength: options.maxEventLength,
          lastEventId: position(),
        });
        return parser;
      },
      end() {
        told ??= traceOfData(lastData);
        one.traceId = told ?? one.traceId;
        correlation.remember(told);
      },
    };
    return one;
  }

  return {
    id: correlation.sessionId,
    get lastEventId() {
      return position();
    },
    get retryMs() {
      return retryMs;
    },
    exchange,
  };
}
