import fc from "fast-check";
import { createEventParser } from "../../browser/event-parser";
import { cut, EVENT_STREAMS, parsed, type Told } from "./event-streams";

const SPLITS_EACH = 400;

test("CLI-2 the streams are split in over ten thousand ways", () => {
  expect(EVENT_STREAMS.length * SPLITS_EACH).toBeGreaterThan(10_000);
});

describe.each(EVENT_STREAMS.map((one) => [one.rule, one] as const))(
  "CLI-2 %s",
  (_rule, { bytes, ...expected }) => {
    const { rule: _, ...outcome } = expected;

    test("in one piece", () => {
      expect(parsed(createEventParser, [bytes])).toEqual(outcome);
    });

    test("byte by byte", () => {
      expect(parsed(createEventParser, cut(bytes, [...bytes.keys()].slice(1)))).toEqual(outcome);
    });

    test(`in ${SPLITS_EACH} other ways`, () => {
      const places = fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 });
      fc.assert(
        fc.property(places, (some) => {
          expect(parsed(createEventParser, cut(bytes, some))).toEqual(outcome);
        }),
        { numRuns: SPLITS_EACH },
      );
    });
  },
);

/** The standard's own words, line by line, over the whole text at once. */
function bookish(bytes: Uint8Array): readonly Told[] {
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
  const events: Told[] = [];
  let [data, type, id, last]: [string, string, string | undefined, string] = ["", "", undefined, ""];
  for (const line of lines.slice(0, -1)) {
    const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (line === "") {
      last = id ?? last;
      if (data !== "") events.push([type || "message", data.slice(0, -1), id, last]);
      [data, type, id] = ["", "", undefined];
    } else if (name === "data") data += `${value ?? ""}\n`;
    else if (name === "event") type = value ?? "";
    else if (name === "id" && !value?.includes("\0")) id = value ?? "";
  }
  return events;
}

test("CLI-2 any bytes in any pieces give what the standard's own algorithm gives", () => {
  const scraps = [
    ...[
      "data",
      "event",
      "id",
      "retry",
      ":",
      ": ",
      " ",
      "\n",
      "\n\n",
      "\r",
      "\r\n",
      "\0",
      "é",
      "🚀",
      "\ufeff",
      "x",
    ],
  ].map((scrap) => [...new TextEncoder().encode(scrap)]);
  const broken = [[0xf0], [0x9f, 0x9a], [0xe2, 0x82], [0xc3], [0x80], [0xff], [0xed, 0xa0, 0x80]];
  const stream = fc.array(fc.constantFrom(...scraps, ...broken), { maxLength: 60 });
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 200 }), { maxLength: 20 }), (parts, places) => {
      const bytes = Uint8Array.from(parts.flat());
      expect(parsed(createEventParser, cut(bytes, places)).events).toEqual(bookish(bytes));
    }),
    { numRuns: 3000 },
  );
});

describe("CLI-2 an event comes as soon as its last byte has", () => {
  test.each(["\n", "\r", "\r\n"])("whatever pieces it comes in, with lines that end in %j", (end) => {
    const bytes = new TextEncoder().encode(`${`: ${"x".repeat(600)}${end}`}data: a${end}${end}data: b${end}`);
    // A carriage return ends a line, whatever follows.
    const complete = bytes.length - `data: b${end}`.length - (end === "\r\n" ? 1 : 0);
    for (let first = 0; first < complete; first += 1) {
      const events: string[] = [];
      const parser = createEventParser(({ data }) => events.push(data));
      parser.feed(bytes.slice(0, first));
      parser.feed(bytes.slice(first, complete - 1));
      expect(events).toEqual([]);
      parser.feed(bytes.slice(complete - 1, complete));
      expect(events).toEqual(["a"]);
    }
  });
});

describe("CLI-2 memory is bounded", () => {
  const chunk = new Uint8Array(65_536).fill("x".charCodeAt(0));

  test("a line of 64 MB is refused at the limit", () => {
    const parser = createEventParser(() => undefined);
    const prefix = new TextEncoder().encode("data: ");
    parser.feed(prefix);
    let fed = 0;
    expect(() => {
      for (; fed < 1024; fed += 1) parser.feed(chunk);
    }).toThrow(expect.objectContaining({ name: "StreamError", reason: "too-large" }));
    expect(fed).toBe(63);
  });

  test.each([1, 7, 200, 5000])("in pieces of %i bytes the same lines are refused", (size) => {
    const outcome = (length: number): string => {
      const bytes = new TextEncoder().encode(`data:${"x".repeat(length - 5)}\n\n`);
      const events: string[] = [];
      const parser = createEventParser(({ data }) => events.push(data), undefined, 1000);
      try {
        for (let at = 0; at < bytes.length; at += size) parser.feed(bytes.slice(at, at + size));
      } catch (error) {
        return (error as Error).message;
      }
      return `${events.length} events`;
    };
    expect(outcome(1000)).toBe("1 events");
    expect(outcome(1001)).toMatch("1000");
  });

  test("many short lines of one event are refused like a long one", () => {
    const parser = createEventParser(() => undefined, undefined, 1000);
    const lines = new TextEncoder().encode("data: 0123456789\n".repeat(10));
    expect(() => {
      for (let fed = 0; fed < 100; fed += 1) parser.feed(lines);
    }).toThrow("1000");
  });

  test("comments and unknown fields leave nothing behind", () => {
    const parser = createEventParser(() => undefined, undefined, 1000);
    const lines = new TextEncoder().encode(`: ${"x".repeat(500)}\nfoo: ${"x".repeat(500)}\n`);
    for (let fed = 0; fed < 100; fed += 1) parser.feed(lines);
  });
});
