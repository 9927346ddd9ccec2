import type { createEventParser } from "../../browser/event-parser";

/** An event as `[type, data, own id, position]`. */
export type Told = readonly [string, string, string | undefined, string];

/** A stream, what a parser must make of it, and the rule of the standard it stands for. */
export interface EventStreamFixture {
  readonly rule: string;
  readonly bytes: Uint8Array;
  readonly events: readonly Told[];
  /** Position at the end. */
  readonly lastEventId: string;
  readonly retryMs?: number;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const plain = (...data: readonly string[]): readonly Told[] =>
  data.map((one) => ["message", one, undefined, ""]);

function fixture(
  rule: string,
  content: string | Uint8Array,
  events: readonly Told[],
  lastEventId = "",
  retryMs?: number,
): EventStreamFixture {
  const bytes = typeof content === "string" ? text(content) : content;
  return { rule, bytes, events, lastEventId, ...(retryMs !== undefined && { retryMs }) };
}

const LONG = "é✓🚀x".repeat(3000);
const MANY = Array.from({ length: 200 }, (_, index) => "é✓🚀x".repeat(index % 13));

/** One for every rule of the HTML standard, §9.2.6, and for what hostile servers send. */
export const EVENT_STREAMS: readonly EventStreamFixture[] = [
  fixture("line feeds end lines", "data: a\ndata: b\n\ndata: c\n\n", plain("a\nb", "c")),
  fixture("carriage returns end lines", "data: a\rdata: b\r\rdata: c\r\r", plain("a\nb", "c")),
  fixture("the pair of both ends one line", "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n", plain("a\nb", "c")),
  fixture("line ends may be mixed", "data: a\rdata: b\r\n\ndata: c\n\r\ndata: d\r\r\ndata: e\n\n", [
    ...plain("a\nb", "c", "d", "e"),
  ]),
  fixture("a leading byte order mark is dropped", "\ufeffdata: a\n\n", plain("a")),
  fixture("only one byte order mark is dropped", "\ufeff\ufeffdata: a\n\ndata: b\n\n", plain("b")),
  fixture("a byte order mark elsewhere is a character", "data: a\n\n\ufeffdata: b\n\ndata: \ufeff\n\n", [
    ...plain("a", "\ufeff"),
  ]),
  fixture(
    "characters of two, three and four bytes",
    "data: ä ✓ 🚀 ไทย\nid: 日本\n\n",
    [["message", "ä ✓ 🚀 ไทย", "日本", "日本"]],
    "日本",
  ),
  fixture(
    "bytes that are no UTF-8 become replacement characters",
    Uint8Array.from([
      ...text("data: "),
      0xff,
      0xc3,
      0x28,
      0xf0,
      0x9f,
      ...text("\n\ndata: "),
      0xe2,
      0x82,
      ...text("\n\n"),
    ]),
    plain("\ufffd\ufffd(\ufffd", "\ufffd"),
  ),
  fixture(
    "broken characters hold no event back",
    Uint8Array.from([
      ...text("data: a\n\ndata: "),
      0xf0,
      0x0a,
      0x0a,
      0xe2,
      0x80,
      0x80,
      0x80,
      0x80,
      0xc0,
      0x0a,
      0x0a,
    ]),
    plain("a", "\ufffd"),
  ),
  fixture(
    "lines that begin with a colon are comments",
    ": hello\n:\n:data: x\ndata: a\n: in between\n\n",
    plain("a"),
  ),
  fixture("one leading space is dropped, no more", "data:  a \ndata:b\ndata:\tc\n\n", plain(" a \nb\n\tc")),
  fixture(
    "a field without a colon has an empty value",
    "data\n\ndata\ndata\n\ndata:\n\n",
    plain("", "\n", ""),
  ),
  fixture(
    "fields are known by their whole name",
    "dat: a\ndata2: b\nDATA: c\n data: d\nda\ndote: f\nix: g\nevXXt: h\nevenX: i\nXXXXX: 5\ndata: e\n\n",
    plain("e"),
  ),
  fixture(
    "unknown fields are ignored",
    "foo: a\nfoo\nretries: 5\nevents: x\nidx: 9\ndata: a\n\n",
    plain("a"),
  ),
  fixture("an event has a type", "event: tick\ndata: a\n\ndata: b\n\n", [
    ["tick", "a", undefined, ""],
    ["message", "b", undefined, ""],
  ]),
  fixture(
    "the last type counts, and an empty one is none",
    "event: a\nevent: b\ndata: 1\n\nevent: a\nevent\ndata: 2\n\n",
    [
      ["b", "1", undefined, ""],
      ["message", "2", undefined, ""],
    ],
  ),
  fixture(
    "without data there is no event, and no type remains",
    "event: tick\n\ndata: a\n\n\n\n",
    plain("a"),
  ),
  fixture(
    "an id stays until the next",
    "id: 1\ndata: a\n\ndata: b\n\nid: 2\nid: 3\ndata: c\n\n",
    [
      ["message", "a", "1", "1"],
      ["message", "b", undefined, "1"],
      ["message", "c", "3", "3"],
    ],
    "3",
  ),
  fixture(
    "an id counts without data",
    "id: 1\n\ndata: a\n\nid: 2\n\n",
    [["message", "a", undefined, "1"]],
    "2",
  ),
  fixture(
    "an id of an unfinished event does not count",
    "id: 1\ndata: a\n\nid: 2\ndata: b\n",
    [["message", "a", "1", "1"]],
    "1",
  ),
  fixture("an empty id resets the position", "id: 1\ndata: a\n\nid\ndata: b\n\nid: 1\n\nid:\n\n", [
    ["message", "a", "1", "1"],
    ["message", "b", "", ""],
  ]),
  fixture(
    "an id with NUL is ignored",
    "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\nid: \0\n\n",
    [
      ["message", "a", "1", "1"],
      ["message", "b", undefined, "1"],
    ],
    "1",
  ),
  fixture("NUL in data and types is kept", "event: \0\ndata: \0\n\n", [["\0", "\0", undefined, ""]]),
  fixture("retry is a number of digits", "retry: 1500\ndata: a\n\n", plain("a"), "", 1500),
  fixture("retry counts without an event", "retry: 1500\r", [], "", 1500),
  fixture(
    "retry with anything else is ignored",
    "retry: 700\nretry: 1.5\nretry: -1\nretry: 9s\nretry: 0x10\nretry:  8\nretry: ٣\nretry:\nretry\ndata: a\n\n",
    plain("a"),
    "",
    700,
  ),
  fixture("an unfinished event is dropped", "data: a\n\ndata: b\ndata: c\n", plain("a")),
  fixture("an unfinished line is dropped", "data: a\n\ndata: b", plain("a")),
  fixture("nothing comes of nothing", "", []),
  fixture("nothing comes of empty lines", "\n\n\r\r\r\n\r\n", []),
  fixture(
    "values may hold colons",
    "data: a:b\ndata::c\nid: x:y\n\n",
    [["message", "a:b\n:c", "x:y", "x:y"]],
    "x:y",
  ),
  fixture(
    "long lines are one",
    `data: ${LONG}\r\nid: 7\r\n\r\n: ${"-".repeat(9000)}\r\n\r\ndata: b\r\n\r\n`,
    [
      ["message", LONG, "7", "7"],
      ["message", "b", undefined, "7"],
    ],
    "7",
  ),
  fixture(
    "many events in large pieces",
    MANY.map((data) => `data: ${data}\r\ndata: ✓\r\n\r\n`).join(""),
    plain(...MANY.map((data) => `${data}\n✓`)),
  ),
];

/** What a parser makes of a stream given in pieces. */
export function parsed(make: typeof createEventParser, pieces: readonly Uint8Array[]) {
  const events: Told[] = [];
  const source: { lastEventId: string; retryMs?: number } = { lastEventId: "" };
  const parser = make(({ event, data, id, lastEventId }) => {
    events.push([event, data, id, lastEventId]);
  }, source);
  for (const piece of pieces) parser.feed(piece);
  return { events, ...source };
}

/** The bytes cut at some places, in copies of their own. */
export function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(places)].filter((place) => place < bytes.length).sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.slice(start, ends[index] ?? bytes.length));
}
