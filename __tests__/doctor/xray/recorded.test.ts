import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { summariesOf, tracesOf } from "../../../doctor/xray/reading";
import { RecordedTraceSource } from "../../../doctor/xray/recorded";
import { TraceRecorder } from "../../../doctor/xray/recorder";
import { rawTrace, segmentDocument, traceId } from "../../support/traces";

const folder = mkdtempSync(join(tmpdir(), "tracewright-recorded-"));
const START = 1_795_000_000;
const ALWAYS = { fromMs: 0, toMs: 8e15 };
let number = 0;

function file(content: string | Uint8Array): string {
  const path = join(folder, `${++number}.json`);
  writeFileSync(path, content);
  return path;
}

const trace = (id: number, change: object = {}) =>
  rawTrace(traceId(id, START + id), [segmentDocument(id, START + id, { ...change })]);
const summary = (id: number, change: object = {}) => ({ Id: traceId(id, START + id), ...change });

async function found(source: RecordedTraceSource | TraceRecorder, filter?: string, range = ALWAYS) {
  const ids: string[] = [];
  for await (const { id } of summariesOf(source, range, filter)) ids.push(id);
  return ids;
}

const answers = { Traces: [trace(1), trace(2, { fault: true })], UnprocessedTraceIds: [] };

test.each<[string, string | Uint8Array]>([
  ["one answer", JSON.stringify(answers)],
  ["a list of answers", JSON.stringify([{ Traces: [trace(1)] }, { Traces: [trace(2, { fault: true })] }])],
  [
    "answers, one a line",
    `${JSON.stringify({ Traces: [trace(1)] })}\n\n${JSON.stringify({ Traces: [trace(2)] })}\n`,
  ],
  ["an archive's object", gzipSync(`${JSON.stringify(trace(1))}\n${JSON.stringify(trace(2))}\n`)],
  ["text with a byte order mark", `\uFEFF${JSON.stringify(answers)}`],
])("a recording can be %s", async (_form, content) => {
  const source = new RecordedTraceSource(file(content));
  const ids = [traceId(1, START + 1), traceId(2, START + 2)];
  expect((await found(source)).sort()).toEqual(ids);
  expect((await tracesOf(source, ids)).traces.map(({ id }) => id)).toEqual(ids);
});

test("pages of one trace are put together, and what was recorded twice counts once", async () => {
  const pieces = [segmentDocument(1, START), segmentDocument(9, START + 1)];
  const [one, two] = pieces.map((piece) => ({ Traces: [rawTrace(traceId(1, START), [piece])] }));
  const source = new RecordedTraceSource(file(JSON.stringify([one, two, one])));
  const { traces } = await tracesOf(source, [traceId(1, START)]);
  expect(traces.map(({ segments }) => segments.length)).toEqual([2]);
});

test("DOC-6 fields of a trace that are new to us are kept for an archive", async () => {
  const { Id, Segments } = trace(1);
  const raw = { Id, New: { field: 1 }, Segments: Segments.map((one) => ({ ...one, Other: true })) };
  const source = new RecordedTraceSource(file(JSON.stringify({ Traces: [raw] })));
  expect((await tracesOf(source, [Id])).traces[0]?.raw).toEqual(raw);
});

test("DOC-4 a recording is searched by time and by filter", async () => {
  const source = new RecordedTraceSource(file(JSON.stringify(answers)));
  expect(await found(source, "fault")).toEqual([traceId(2, START + 2)]);
  const second = { fromMs: (START + 1) * 1000, toMs: (START + 2) * 1000 };
  expect(await found(source, undefined, second)).toEqual([traceId(1, START + 1)]);
  await expect(found(source, 'group.name = "errors"')).rejects.toThrow(/cannot be told.*ask X-Ray itself/);
});

test("summaries alone answer what their index knows", async () => {
  const times = ["2026-11-18T11:06:41Z", START + 2, undefined];
  const TraceSummaries = times.map((StartTime, index) =>
    summary(index + 1, {
      StartTime,
      HasFault: index === 1,
      Annotations: { tier: [{ AnnotationValue: { StringValue: "gold" } }] },
    }),
  );
  const source = new RecordedTraceSource(file(JSON.stringify({ TraceSummaries })));
  expect(await found(source)).toHaveLength(3);
  expect(await found(source, 'fault AND annotation.tier = "gold"')).toEqual([traceId(2, START + 2)]);
  await expect(found(source, 'service("shop")')).rejects.toThrow("record whole traces");
});

test("what a recorder kept is a recording", async () => {
  const recorder = new TraceRecorder(new RecordedTraceSource(file(JSON.stringify(answers))));
  const ids = await found(recorder, "fault");
  await tracesOf(recorder, ids);
  const again = new RecordedTraceSource(file(JSON.stringify(recorder.recording)));
  expect(await found(again)).toEqual(ids);
  expect((await tracesOf(again, ids)).traces).toHaveLength(1);
});

test.each<[string, string | Uint8Array, RegExp]>([
  ["nothing", " \n", /an empty file/],
  ["text", "no JSON", /line 1: found text that is not JSON/],
  [
    "a line of text among JSON",
    `${JSON.stringify(answers)}\nBearer s3cret\n`,
    /line 2: found text that is not JSON/,
  ],
  ["other JSON", '{"a":"s3cret"}', /something else/],
  ["an empty list's element", "[null]", /something else/],
  ["a summary without an id", '{"TraceSummaries":[{}]}', /TraceSummaries.0.Id: found nothing/],
  ["a trace id that is none", '{"Traces":[{"Id":"../s3cret"}]}', /Traces.0.Id/],
  [
    "a start that is no time",
    JSON.stringify({ TraceSummaries: [summary(1, { StartTime: 1e300 })] }),
    /StartTime/,
  ],
  ["gzip that breaks off", gzipSync("{}").subarray(0, 12), /Z_BUF_ERROR/],
])("refuses %s without showing it", (_name, content, words) => {
  expect(() => new RecordedTraceSource(file(content))).toThrow(words);
  expect(() => new RecordedTraceSource(file(content))).not.toThrow(/s3cret/);
});

test("refuses a file that is not there, is a folder, or is larger than what is read, zipped or not", () => {
  expect(() => new RecordedTraceSource(join(folder, "none"))).toThrow("no such file");
  expect(() => new RecordedTraceSource(folder)).toThrow("EISDIR");
  const sparse = file("x");
  truncateSync(sparse, 3 * 1024 ** 3);
  expect(() => new RecordedTraceSource(sparse)).toThrow("more than 128 MiB");
  expect(() => new RecordedTraceSource(file(gzipSync(Buffer.alloc(129 * 1024 * 1024))))).toThrow(
    "more than 128 MiB",
  );
});
