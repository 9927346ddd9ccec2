import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import type { createEventParser } from "../../browser/event-parser";
import { cut, EVENT_STREAMS, parsed } from "./event-streams";

const ROOT = resolve(__dirname, "..", "..");
const SOURCE = readFileSync(join(ROOT, "browser", "event-parser.ts"), "utf8");

/** What each rule of the standard is in the parser, and the parser without it. */
const RULES: Readonly<Record<string, readonly [find: string, replace: string]>> = {
  "carriage returns end lines": [`text.replace(/\\r\\n?/g, "\\n")`, `text.replace(/\\r\\n/g, "\\n")`],
  "a pair ends one line": ["/\\r\\n?/g", "/\\r/g"],
  "a pair may be split": ['decoded.endsWith("\\r") ? LF : NOTHING', "NOTHING"],
  "only a line feed completes a pair": ["decoded.charCodeAt(0) === skipped", "skipped >= 0"],
  "a byte order mark is dropped": ["let skipped = BYTE_ORDER_MARK;", "let skipped = NOTHING;"],
  "only a leading byte order mark is dropped": ["{ ignoreBOM: true }", "{ ignoreBOM: false }"],
  "a byte order mark is dropped once": ['skipped = decoded.endsWith("\\r") ? LF : NOTHING;', ""],
  "characters may be split": ["return back < (byte", "return 9 < (byte"],
  "characters of three bytes may be split": ["byte >= 0xe0 ? 3 : 2", "byte >= 0xe0 ? 2 : 2"],
  "characters of four bytes may be split": ["byte >= 0xf0 ? 4 :", "byte >= 0xf0 ? 3 :"],
  "data has its whole name": ['text.startsWith("ata", start + 1)', "true"],
  "id has its whole name": ['text.startsWith("d", start + 1)', "true"],
  "event has its whole name": ['text.startsWith("ven", start + 1)', "true"],
  "event ends as it must": [' && text.startsWith("t", start + 4)', ""],
  "retry has its whole name": ['text.startsWith("retry", start)', "true"],
  "names are whole: ends": ["colon < end && text.charCodeAt(colon) !== COLON", "false"],
  "a field needs no colon": ["colon < end && text", "text"],
  "one space is dropped": ["text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1", "colon + 1"],
  "only a space is dropped": ["text.charCodeAt(colon + 1) === SPACE", "colon + 1 < end"],
  "data lines are joined": ["`${data}\\n${value}`", "`${data}${value}`"],
  "data lines add up": ["data === undefined ? value : `${data}\\n${value}`", "value"],
  "empty data is data": ["data === undefined ? value", "!data ? value"],
  "no data, no event": [
    "if (data !== undefined) onEvent(",
    "if (event || id || data !== undefined) onEvent(",
  ],
  "data of an event is its own": ["data = id = undefined;", "id = undefined;"],
  "the type is set": ["      event = value;", ""],
  "the type is the event's own": ['    event = "";\n', ""],
  "the type is message": ['event || "message"', "event"],
  "ids are set": ["id = value;", "id = undefined;"],
  "ids with NUL are ignored": ['if (!value.includes("\\0")) id = value;', "id = value;"],
  "ids stay": ["id ?? source.lastEventId", 'id ?? ""'],
  "an empty id is one": ["id ?? source.lastEventId", "id || source.lastEventId"],
  "the position moves": ["source.lastEventId = lastEventId;", ""],
  "retry is read": ["source.retryMs = Number(value);", ""],
  "retry is digits": ["/^\\d+$/.test(value)", "value"],
  "what is unfinished is kept": ["unfinished += text.slice(start);", "unfinished = text.slice(start);"],
};

function load(source: string): typeof createEventParser {
  const [output] = buildSync({
    stdin: { contents: source, resolveDir: join(ROOT, "browser"), loader: "ts" },
    bundle: true,
    format: "cjs",
    write: false,
    logLevel: "silent",
  }).outputFiles;
  const module: { exports: { createEventParser?: typeof createEventParser } } = { exports: {} };
  new Function("module", "exports", output?.text ?? "")(module, module.exports);
  if (module.exports.createEventParser === undefined) throw new Error("the parser did not load");
  return module.exports.createEventParser;
}

/** Rules a parser breaks, each stream in one piece, byte by byte and in pieces of some sizes. */
function broken(make: typeof createEventParser): readonly string[] {
  return EVENT_STREAMS.filter(({ rule: _, bytes, ...expected }) => {
    const sizes = [bytes.length + 1, 1, 3, 7, 257, 263, 300, 301, 307];
    return sizes.some((size) => {
      const places = [...bytes.keys()].filter((place) => place > 0 && place % size === 0);
      const { lastEventId, retryMs, events } = parsed(make, cut(bytes, places));
      const same = JSON.stringify([events, lastEventId, retryMs]);
      return same !== JSON.stringify([expected.events, expected.lastEventId, expected.retryMs]);
    });
  }).map(({ rule }) => rule);
}

test("CLI-2 the parser as it is breaks no rule", () => {
  expect(broken(load(SOURCE))).toEqual([]);
});

test.each(Object.entries(RULES))(
  "CLI-2 without the rule that %s, a stream is misread",
  (_rule, [find, replace]) => {
    expect(SOURCE.split(find)).toHaveLength(2);
    expect(broken(load(SOURCE.replace(find, () => replace)))).not.toEqual([]);
  },
);
