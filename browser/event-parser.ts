import { BYTE_ORDER_MARK, COLON, CR, D, E, I, LF, NOTHING, SPACE } from "./characters";
import { GATHERED_BYTES, MAX_EVENT_LENGTH, SMALL_BYTES } from "./limits";
import { StreamError } from "./stream-error";
import type { StreamEvent } from "./stream-event";

/** What the fields of a stream change for good. */
export interface EventSourceState {
  /** Position after the last event, or after an id without an event; empty when there was none. */
  lastEventId: string;
  /** The last `retry`, in milliseconds. */
  retryMs?: number;
}

/** Turns the bytes of an event stream into its events. What is unfinished when no more comes is dropped. */
export interface EventParser {
  /**
   * Reads the next bytes, split anywhere.
   *
   * @throws StreamError `too-large` beyond the limit; the parser is then of no more use
   */
  feed(bytes: Uint8Array): void;
}

/** Where the last character begins when its bytes have not all come; the length when they have. */
function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back < 4; back += 1) {
    const byte = bytes[length - back] ?? 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length - back : length;
    if (byte < 0x80) break;
  }
  return length;
}

/**
 * Makes a parser for `text/event-stream` as the HTML standard defines it, §9.2 (CLI-2).
 *
 * Bytes are decoded in pieces that end with a whole character, so the decoder has nothing to remember. That gives the
 * text that R-42's `decode(chunk, { stream: true })` gives, at a fraction of its price in Node.
 *
 * @param onEvent called with every event
 * @param source goes on from its position, and is kept up to date
 * @param limit characters a line, or the data of an event, may have
 */
export function createEventParser(
  onEvent: (event: StreamEvent) => void,
  source: EventSourceState = { lastEventId: "" },
  limit = MAX_EVENT_LENGTH,
): EventParser {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const gathered = new Uint8Array(GATHERED_BYTES);
  let count = 0;
  let skipped = BYTE_ORDER_MARK;
  let unfinished = "";
  let data: string | undefined;
  let event = "";
  let id: string | undefined;

  function refuseBeyondLimit(length: number): void {
    if (length > limit) {
      throw new StreamError(`An event is longer than maxEventLength, ${limit}`, "too-large");
    }
  }

  function line(text: string, start: number, end: number): void {
    const first = text.charCodeAt(start);
    let colon = start;
    // Engines compare up to three characters in place; for more they make a call, which is half of the work.
    if (first === D && text.startsWith("ata", start + 1)) colon += 4;
    else if (first === I && text.startsWith("d", start + 1)) colon += 2;
    else if (first === E && text.startsWith("ven", start + 1) && text.startsWith("t", start + 4)) colon += 5;
    else if (text.startsWith("retry", start)) colon += 5;
    else return;
    if (colon < end && text.charCodeAt(colon) !== COLON) return;
    const value = text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, end);
    if (first === D) {
      data = data === undefined ? value : `${data}\n${value}`;
      refuseBeyondLimit(data.length);
    } else if (first === I) {
      if (!value.includes("\0")) id = value;
    } else if (first === E) {
      event = value;
    } else if (/^\d+$/.test(value)) {
      source.retryMs = Number(value);
    }
  }

  function dispatch(): void {
    const lastEventId = id ?? source.lastEventId;
    source.lastEventId = lastEventId;
    if (data !== undefined) onEvent({ event: event || "message", data, id, lastEventId });
    data = id = undefined;
    event = "";
  }

  function read(decoded: string): void {
    if (!decoded) return;
    let text = decoded.charCodeAt(0) === skipped ? decoded.slice(1) : decoded;
    // The other half of a line end, should it come.
    skipped = decoded.endsWith("\r") ? LF : NOTHING;
    if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
    let start = 0;
    let end = text.indexOf("\n");
    if (end >= 0) {
      end += unfinished.length;
      text = unfinished + text;
      unfinished = "";
    }
    for (; end >= 0; end = text.indexOf("\n", start)) {
      refuseBeyondLimit(end - start);
      if (end === start) dispatch();
      else line(text, start, end);
      start = end + 1;
    }
    unfinished += text.slice(start);
    refuseBeyondLimit(unfinished.length);
  }

  return {
    feed(bytes) {
      const length = count + bytes.length;
      let all = bytes;
      if (
        bytes.length < SMALL_BYTES &&
        length <= GATHERED_BYTES &&
        !(bytes.includes(LF) || bytes.includes(CR))
      ) {
        gathered.set(bytes, count);
        count = length;
        return;
      }
      if (count > 0) {
        all = new Uint8Array(length);
        all.set(gathered.subarray(0, count));
        all.set(bytes, count);
      }
      const end = wholeCharacters(all);
      const text = decoder.decode(end < length ? all.subarray(0, end) : all);
      if (end < length) gathered.set(all.subarray(end));
      count = length - end;
      read(text);
    },
  };
}
