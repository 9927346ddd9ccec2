import fc from "fast-check";
import { readSegment } from "../../../doctor/xray/segment";
import { everyPiece, joined, readTrace, rootOf, spanOf } from "../../../doctor/xray/trace";
import { rawTrace, segmentDocument, traceId } from "../../support/traces";

const START = 1_795_000_000;
const id = (number: number) => number.toString(16).padStart(16, "0");
const traceOf = (...documents: readonly object[]) => readTrace(rawTrace(traceId(1, START), documents));

test.each([
  ["not JSON", "{", "no JSON, 1 characters"],
  ["a list", "[]", "id is missing"],
  ["no name", '{"id":"a","start_time":1}', "name is missing"],
  [
    "text for a time",
    '{"id":"a","name":"b","start_time":"now"}',
    "start_time is something else, expected number",
  ],
  [
    "a time no date can name",
    '{"id":"a","name":"b","start_time":1e300}',
    "start_time is something else, expected <=8640000000000",
  ],
  [
    "a broken part",
    '{"id":"a","name":"b","start_time":1,"subsegments":[{"id":"c","name":"d","start_time":1,"subsegments":[7]}]}',
    "subsegments[0].subsegments[0] is something else, expected Object",
  ],
])("a document that is %s is told by place", (_name, document, words) => {
  expect(() => readSegment(document)).toThrow(words);
});

test("a document nested without end is refused, not a crash", () => {
  const open = '{"id":"a","name":"b","start_time":1,"subsegments":[';
  expect(() => readSegment(`${open.repeat(5000)}${"]}".repeat(5000)}`)).toThrow("nested deeper than 200");
});

test("what is optional and odd is left out", () => {
  const odd = {
    http: 7,
    cause: "53995c3f42cd8ad8",
    annotations: { good: 1, bad: {} },
    fault: "yes",
    aws: null,
    end_time: "x",
  };
  expect(readSegment(JSON.stringify(segmentDocument(1, START, odd)))).toMatchObject({
    http: {},
    exceptions: [],
    annotations: { good: 1 },
    fault: false,
    aws: {},
    endS: undefined,
  });
});

test("subsegments that were sent on their own stand in their segment, wherever it is nested", () => {
  const trace = traceOf(
    segmentDocument(3, START + 0.2, { name: "third", type: "subsegment", parent_id: id(2) }),
    segmentDocument(1, START, { name: "first", subsegments: [segmentDocument(9, START, { name: "inner" })] }),
    segmentDocument(2, START + 0.1, { name: "second", type: "subsegment", parent_id: id(9) }),
  );
  expect(trace.segments.map(({ name }) => name)).toEqual(["first"]);
  expect([...everyPiece(trace)].map(({ name }) => name)).toEqual(["first", "inner", "second", "third"]);
});

test("a subsegment whose parent never came stays, and a ring of parents does not hang", () => {
  const trace = traceOf(
    segmentDocument(1, START, { name: "lost", type: "subsegment", parent_id: id(77) }),
    segmentDocument(2, START, { name: "a", type: "subsegment", parent_id: id(3) }),
    segmentDocument(3, START, { name: "b", type: "subsegment", parent_id: id(2) }),
  );
  expect([...everyPiece(trace)].map(({ name }) => name).sort()).toEqual(["a", "b", "lost"]);
});

test("a chain of subsegments without end is cut, and what was left out is told", () => {
  const chain = Array.from({ length: 3000 }, (_, index) =>
    segmentDocument(index + 1, START + index / 1000, {
      ...(index === 0 ? {} : { type: "subsegment", parent_id: id(index) }),
    }),
  );
  for (const documents of [chain, [...chain].reverse()]) {
    const trace = traceOf(...documents);
    expect([...everyPiece(trace)]).toHaveLength(201);
    expect(trace.malformed).toEqual([
      { segmentId: id(202), problem: "it hangs deeper than 200, with 2798 more below it" },
    ]);
  }
});

test("pages of a trace: what one has dropped, another does not bring back", () => {
  const page = rawTrace(traceId(1, START), [segmentDocument(1, START)]);
  const limit = (...pages: readonly object[]) =>
    joined(pages.map((one) => ({ ...page, ...one }))).LimitExceeded;
  expect(limit({ LimitExceeded: true }, { LimitExceeded: false })).toBe(true);
  expect(limit({ LimitExceeded: false }, { LimitExceeded: true })).toBe(true);
  expect(limit({ LimitExceeded: false }, {})).toBe(false);
});

test("every document of any trace is kept once, and the span holds them all", () => {
  const piece = fc.record({
    number: fc.integer({ min: 1, max: 9 }),
    parent: fc.integer({ min: 1, max: 9 }),
    alone: fc.boolean(),
    afterS: fc.double({ min: 0, max: 9, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(piece, { selector: ({ number }) => number, maxLength: 9 }), (pieces) => {
      const trace = traceOf(
        ...pieces.map(({ number, parent, alone, afterS }) =>
          segmentDocument(number, START + afterS, {
            parent_id: id(parent),
            ...(alone ? { type: "subsegment" } : {}),
          }),
        ),
      );
      const kept = [...everyPiece(trace)];
      expect(kept.map((one) => one.id).sort()).toEqual(pieces.map(({ number }) => id(number)).sort());
      const span = spanOf(trace);
      expect(span === undefined).toBe(pieces.length === 0);
      for (const { startS, endS = startS } of kept) {
        expect(startS).toBeGreaterThanOrEqual(span?.startS ?? 0);
        expect(endS).toBeLessThanOrEqual((span?.startS ?? 0) + (span?.lastsS ?? 0) + 1e-6);
      }
    }),
  );
});

test("the root is the segment nobody in the trace called", () => {
  const trace = traceOf(
    segmentDocument(2, START - 1, { name: "late clock", parent_id: id(1) }),
    segmentDocument(1, START, { name: "entry", parent_id: id(99) }),
  );
  expect(rootOf(trace)?.name).toBe("entry");
  expect(rootOf(traceOf())).toBeUndefined();
});
