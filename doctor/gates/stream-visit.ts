import { HEADERS } from "../../contract/headers";
import { STREAM, STREAM_EVENTS, STREAM_ROUTES } from "../../contract/streaming";
import { beginTrace } from "./trace-id";

/** One stream that was followed to its end. */
export interface StreamVisit {
  readonly TraceId: string;
  /** Events that have a span of their own. */
  readonly Events: number;
  /** Seconds from the request to the end. */
  readonly Seconds: number;
  /** `ended`, or what became of it instead. */
  readonly End: string;
}

/** Milliseconds until a stream that does not end is left. */
const LONGEST_MS = 60_000;

/** What is sent after the spans have been flushed, and so has none (SSE-E4, SSE-E5). */
const AFTER_FLUSH: readonly string[] = [STREAM_EVENTS.deadline, STREAM_EVENTS.done];

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/**
 * Follows the public stream until it ends, inside a trace that is recorded whatever the sampling rules say.
 *
 * @param base address of the stream, with or without a slash at its end
 * @param seconds how long it shall last; the stage's own limit may be shorter
 */
export async function visitStream(base: URL, seconds: number): Promise<StreamVisit> {
  const startedAt = Date.now();
  const { id, header } = beginTrace(startedAt);
  let events = 0;
  const visit = (End: string): StreamVisit => ({
    TraceId: id,
    Events: events,
    Seconds: (Date.now() - startedAt) / 1000,
    End,
  });
  const address = new URL(STREAM_ROUTES.global, base);
  address.searchParams.set(STREAM.longestParameter, String(seconds * 1000));
  try {
    const answer = await fetch(address, {
      headers: { accept: "text/event-stream", [HEADERS.traceId]: header },
      signal: AbortSignal.timeout(LONGEST_MS),
      redirect: "error",
    });
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      return visit(`status ${answer.status}`);
    }
    let done = false;
    for await (const line of linesOf(answer.body)) {
      const name = /^event: ?(\S+)/.exec(line)?.[1];
      if (name === undefined) continue;
      if (AFTER_FLUSH.includes(name)) done = true;
      else events += 1;
    }
    return visit(done ? "ended" : "cut off");
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return visit(late ? `still open after ${LONGEST_MS / 1000} s` : "no connection");
  }
}
