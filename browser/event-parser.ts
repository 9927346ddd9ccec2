import { StreamError } from "./stream-error";
import type { StreamEvent } from "./stream-event";

/** Of a decoder's input: chunks shorter than this are gathered, because a decoder's call costs more than their copy. */
const SMALL_BYTES = 256;
const GATHERED_BYTES = 4096;
const LF = 10;
const CR = 13;
const COLON = 58;
const SPACE = 32;
const D = 100;
const E = 101;
const I = 105;
const BYTE_ORDER_MARK = 0xfeff;

/** Characters a line, or the data of an event, may have unless told otherwise. */
export const MAX_EVENT_LENGTH = 4 * 1024 * 1024;

/** What an {@link EventParser} tells, and what it starts from. */
export interface EventParserOptions {
  onEvent(event: StreamEvent): void;
  /** Called with the milliseconds of a `retry` field. */
  onRetry?(milliseconds: number): void;
  /** Characters a line, or the data of an event, may have. @default MAX_EVENT_LENGTH */
  readonly maxEventLength?: number | undefined;
  /** Position from which the stream goes on. @default "" */
  readonly lastEventId?: string | undefined;
}

/** Turns the bytes of an event stream into its events. */
export interface EventParser {
  /** The position reached, also by an id without an event. */
  readonly lastEventId: string;
  /**
   * Reads the next bytes, split anywhere.
   *
   * @throws StreamError `too-large` beyond the limit; the parser is then of no more use
   */
  feed(bytes: Uint8Array): void;
  /** Reads what is still held back; an unfinished event is dropped, as the standard asks. */
  end(): void;
}

/** Where the last character begins when its bytes have not all come; the length when they have. */
function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back += 1) {
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
 */
export function createEventParser(options: EventParserOptions): EventParser {
  const { onEvent, onRetry, maxEventLength: limit = MAX_EVENT_LENGTH } = options;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const gathered = new Uint8Array(GATHERED_BYTES);
  let gatheredBytes = 0;
  let lastByte = 0;
  let skipped = BYTE_ORDER_MARK;
  let unfinished = "";
  let data: string | undefined;
  let type = "";
  let id: string | undefined;
  let lastEventId = options.lastEventId ?? "";

  function refuseBeyondLimit(length: number): void {
    if (length > limit) {
      throw new StreamError(
        `An event has over ${limit} characters: shorten it or raise maxEventLength`,
        "too-large",
      );
    }
  }

  function line(text: string, start: number, end: number): void {
    const first = text.charCodeAt(start);
    const name = first === D ? "data" : first === I ? "id" : first === E ? "event" : "retry";
    const colon = start + name.length;
    if (!text.startsWith(name, start) || (colon < end && text.charCodeAt(colon) !== COLON)) return;
    const value = text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, end);
    if (first === D) {
      data = data === undefined ? value : `${data}\n${value}`;
      refuseBeyondLimit(data.length);
    } else if (first === I) {
      if (!value.includes("\0")) id = value;
    } else if (first === E) {
      type = value;
    } else if (/^\d+$/.test(value)) {
      onRetry?.(Number(value));
    }
  }

  function dispatch(): void {
    lastEventId = id ?? lastEventId;
    if (data !== undefined) onEvent({ event: type || "message", data, id, lastEventId });
    data = id = undefined;
    type = "";
  }

  function read(decoded: string): void {
    if (!decoded) return;
    let text = decoded.charCodeAt(0) === skipped ? decoded.slice(1) : decoded;
    // The other half of a line end, if it is one.
    skipped = decoded.endsWith("\r") ? LF : 0;
    if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
    let end = text.indexOf("\n");
    if (end < 0) {
      unfinished += text;
    } else {
      end += unfinished.length;
      text = unfinished + text;
      let start = 0;
      for (; end >= 0; end = text.indexOf("\n", start)) {
        refuseBeyondLimit(end - start);
        if (end === start) dispatch();
        else line(text, start, end);
        start = end + 1;
      }
      unfinished = text.slice(start);
    }
    refuseBeyondLimit(unfinished.length);
  }

  function decode(bytes: Uint8Array): void {
    const end = wholeCharacters(bytes);
    const text = decoder.decode(bytes.subarray(0, end));
    gathered.set(bytes.subarray(end));
    gatheredBytes = bytes.length - end;
    read(text);
  }

  function decodeGathered(): void {
    decode(gathered.subarray(0, gatheredBytes));
  }

  /** Two line ends in a row may end an event; a false alarm only decodes early. */
  function mayEndEvent(bytes: Uint8Array): boolean {
    let found = false;
    for (const byte of bytes) {
      if (byte === LF || byte === CR) found ||= lastByte === LF || lastByte === CR;
      lastByte = byte;
    }
    return found;
  }

  return {
    get lastEventId() {
      return lastEventId;
    },
    feed(bytes) {
      if (bytes.length < SMALL_BYTES) {
        if (gatheredBytes + bytes.length > GATHERED_BYTES) decodeGathered();
        gathered.set(bytes, gatheredBytes);
        gatheredBytes += bytes.length;
        if (mayEndEvent(bytes)) decodeGathered();
      } else if (gatheredBytes > 0) {
        const joined = new Uint8Array(gatheredBytes + bytes.length);
        joined.set(gathered.subarray(0, gatheredBytes));
        joined.set(bytes, gatheredBytes);
        decode(joined);
      } else {
        decode(bytes);
      }
    },
    end() {
      read(decoder.decode(gathered.subarray(0, gatheredBytes)));
    },
  };
}
