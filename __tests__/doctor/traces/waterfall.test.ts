import { lasting } from "../../../doctor/traces/plain";
import { type Row, waterfall } from "../../../doctor/traces/waterfall";
import { MOST_ROWS, waterfallText } from "../../../doctor/traces/waterfall-text";
import { readTrace, type Trace } from "../../../doctor/xray/trace";
import type { Terminal } from "../../../instruments/cli/terminal";
import { rawTrace, segmentDocument, traceId } from "../../support/traces";

const START = 1_795_000_000;
const id = (number: number) => number.toString(16).padStart(16, "0");
const traceOf = (...documents: readonly object[]) => readTrace(rawTrace(traceId(1, START), documents));
const rowsOf = (trace: Trace, foldBeyond = 10) => waterfall(trace, { foldBeyond });
const outline = (rows: readonly Row[]) =>
  rows.map(({ depth, piece, count }) => `${depth} ${piece.name} ${count}`);

function terminalOf(width: number): Terminal {
  return { width, out: () => undefined, progress: () => undefined, paint: (_style, text) => text };
}

function drawn(trace: Trace, width = 100, marked: readonly string[] = []): string {
  return waterfallText(terminalOf(width), trace, rowsOf(trace), new Set(marked));
}

const polls = (count: number, change: (index: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, index) =>
    segmentDocument(1000 + index, START + index * 0.01, {
      name: "poll",
      end_time: START + index * 0.01 + 0.005,
      ...change(index),
    }),
  );

test("children stand below their parents in order of start, over segments, too", () => {
  const trace = traceOf(
    segmentDocument(4, START + 0.3, { name: "function", parent_id: id(2) }),
    segmentDocument(1, START, {
      name: "gateway",
      subsegments: [
        segmentDocument(3, START + 0.2, { name: "later" }),
        segmentDocument(2, START + 0.1, { name: "call" }),
      ],
    }),
  );
  expect(outline(rowsOf(trace))).toEqual(["0 gateway 1", "1 call 1", "2 function 1", "1 later 1"]);
});

test("what is wrong is said in words: faults, open ends, clocks and lost parents", () => {
  const trace = traceOf(
    segmentDocument(1, START, {
      name: "function",
      fault: true,
      subsegments: [
        segmentDocument(2, START - 0.4, { name: "early", error: true, throttle: true }),
        segmentDocument(3, START + 0.005, { name: "open", end_time: undefined, in_progress: true }),
        segmentDocument(4, START - 0.005, { name: "endless", end_time: undefined }),
        segmentDocument(5, START, { name: "backwards", end_time: START - 1 }),
      ],
    }),
    segmentDocument(6, START + 1, { name: "orphan", type: "subsegment", parent_id: id(77) }),
  );
  expect(Object.fromEntries(rowsOf(trace).map(({ piece, remarks }) => [piece.name, remarks]))).toEqual({
    function: ["fault"],
    early: ["error", "throttle", "clock"],
    open: ["in progress"],
    endless: ["no end"],
    backwards: ["clock"],
    orphan: ["parent missing"],
  });
});

test("more than a thousand subsegments become one row, and none with a remark is folded away", () => {
  const subsegments = polls(1500, (index) => (index === 700 ? { fault: true } : {}));
  const rows = rowsOf(traceOf(segmentDocument(1, START, { name: "stream", subsegments })));
  expect(rows).toHaveLength(1 + 10 + 1 + 1);
  const last = rows.at(-1);
  expect(last?.count).toBe(1500 - 10 - 1);
  expect(last?.lastsS).toBeCloseTo(1489 * 0.005, 3);
  expect(rows.filter(({ remarks }) => remarks.includes("fault")).map(({ piece }) => piece.id)).toEqual([
    id(1700),
  ]);
  const all = rowsOf(
    traceOf(segmentDocument(1, START, { name: "stream", subsegments })),
    Number.POSITIVE_INFINITY,
  );
  expect(all).toHaveLength(1501);
});

test("segments that name each other as parents are drawn once", () => {
  const trace = traceOf(
    segmentDocument(1, START, { name: "a", parent_id: id(2) }),
    segmentDocument(2, START, { name: "b", parent_id: id(1) }),
  );
  expect(outline(rowsOf(trace))).toEqual(["0 a 1", "1 b 1"]);
});

test.each([60, 80, 100, 160])("no line is wider than a terminal of %d columns", (width) => {
  const trace = traceOf(
    segmentDocument(1, START, {
      name: "a name that is much longer than any column of this table could be, 長い名前",
      fault: true,
      cause: { exceptions: [{ type: "Error", message: "x".repeat(500) }] },
      subsegments: polls(40),
    }),
  );
  const [, , , ...lines] = drawn(trace, width).split("\n");
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
});

test("bars stand where their pieces lie in time", () => {
  const trace = traceOf(
    segmentDocument(1, START, {
      name: "whole",
      end_time: START + 10,
      subsegments: [
        segmentDocument(2, START + 5, { name: "second half", end_time: START + 10 }),
        segmentDocument(3, START + 9.5, { name: "open", end_time: undefined, in_progress: true }),
      ],
    }),
  );
  const bars = drawn(trace)
    .split("\n")
    .filter((line) => /[█░]/.test(line))
    .map((line) => line.slice(45, 78));
  const [whole = "", half = "", open = ""] = bars;
  const columns = whole.trimEnd().length;
  expect(half.indexOf("█")).toBe(Math.floor(columns / 2));
  expect(half.trimEnd()).toHaveLength(columns);
  expect(open.trim()).toMatch(/^░+$/);
});

test("a partial trace, dropped documents and documents that cannot be read are said", () => {
  const raw = rawTrace(traceId(1, START), [
    segmentDocument(1, START, { end_time: undefined, in_progress: true }),
  ]);
  const broken = { Id: "bad\u001b", Document: "{" };
  const text = drawn(readTrace({ ...raw, LimitExceeded: true, Segments: [...raw.Segments, broken] }));
  expect(text).toContain("partial: 1 piece without end");
  expect(text).toContain("the trace outgrew its limit");
  expect(text).toContain("document bad  cannot be read: no JSON");
  expect(drawn(traceOf())).toContain("no document of it can be read");
});

test("control characters of a trace never reach the terminal", () => {
  const nasty = "\u001b[31m\u0007name\n";
  const cause = { exceptions: [{ type: nasty, message: nasty }] };
  const text = drawn(
    traceOf(segmentDocument(1, START, { name: nasty, aws: { operation: nasty }, cause, fault: true })),
  );
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});

test("pieces that are pointed at are, and a flood of rows is cut", () => {
  const subsegments = polls(1200, () => ({ fault: true }));
  const text = drawn(traceOf(segmentDocument(1, START, { subsegments })), 100, [id(1003)]);
  expect(text.match(/►/g)).toHaveLength(1);
  expect(text).toContain(`… ${1201 - MOST_ROWS} more rows`);
});

test.each([
  [undefined, "?"],
  [0, "0 ms"],
  [0.00042, "0.4 ms"],
  [0.0125, "12.5 ms"],
  [0.85, "850 ms"],
  [2.5, "2.50 s"],
  [250, "4 min 10 s"],
])("%s seconds are written %s", (seconds, text) => {
  expect(lasting(seconds)).toBe(text);
});
