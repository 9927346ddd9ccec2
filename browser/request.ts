import { HEADERS } from "../contract/headers";
import type { EventStream, StreamOptions } from "./stream-options";
import { newRoot } from "./trace-header";

/** What fits a header: no control characters, and not so long that servers refuse it. */
const SENDABLE = /^[ -~\u{80}-\u{10ffff}]{1,1024}$/u;

/**
 * A position as the value of `Last-Event-ID`: its UTF-8 bytes, one per character, because that is what `fetch` takes.
 *
 * @returns undefined when it is empty, or no header can carry it; the stream then starts anew
 */
export function positionHeader(lastEventId: string): string | undefined {
  return SENDABLE.test(lastEventId)
    ? String.fromCharCode(...new TextEncoder().encode(lastEventId))
    : undefined;
}

/**
 * The headers of a connection: the caller's, the position, and what server and traces are told about the stream, with a
 * trace of its own for each connection (CLI-4, FE-1, D33).
 */
export async function requestHeaders(
  target: URL,
  { headers, correlate = true }: StreamOptions,
  { lastEventId, sessionId, previousTrace }: EventStream,
  sequence: number,
): Promise<Headers> {
  const all = new Headers(typeof headers === "function" ? await headers() : headers);
  const set = (name: string, value: string | undefined): void => {
    if (value) all.set(name, value);
  };
  set("accept", "text/event-stream");
  set(HEADERS.lastEventId, positionHeader(lastEventId));
  if (typeof correlate === "boolean" ? correlate : correlate.includes(target.origin)) {
    set(HEADERS.traceId, newRoot());
    set(HEADERS.sessionId, sessionId);
    set(HEADERS.previousTrace, previousTrace);
    set(HEADERS.connectionSequence, `${sequence}`);
  }
  return all;
}
