import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../../contract/names";
import { functionName } from "../../../contract/services";
import { ANNOTATIONS, STREAM_ANNOTATIONS } from "../../../contract/spans";
import {
  JUDGED_SERVICES,
  type JudgedService,
  REQUIRED_ANNOTATIONS,
  TRACE_STRUCTURE,
  type TraceStructure,
} from "../../../contract/trace-structure";
import { readTrace, type Trace } from "../../../doctor/xray/trace";
import type { SegmentDocument } from "../../../lab/runtime/xray-daemon";

export const hex = (digits: number): string => randomBytes(digits / 2).toString("hex");

/** A trace id that begins so many seconds ago. */
export function traceId(secondsAgo = 60): string {
  return `1-${Math.floor(Date.now() / 1000 - secondsAgo).toString(16)}-${hex(24)}`;
}

type Change = Partial<SegmentDocument> & { readonly type?: string; readonly origin?: string };

/** A document that lasts so many seconds, 0.1 by default. */
export function document(
  trace_id: string,
  name: string,
  change: Change = {},
  seconds = 0.1,
): SegmentDocument {
  const start_time = Number.parseInt(trace_id.slice(2, 10), 16);
  return { id: hex(16), trace_id, name, start_time, end_time: start_time + seconds, ...change };
}

/** A subsegment sent on its own, as the SDKs do in Lambda. */
export function below(parent: SegmentDocument, name: string, change: Change = {}): SegmentDocument {
  return document(parent.trace_id, name, { parent_id: parent.id, type: "subsegment", ...change });
}

/** A function's own segment. */
export function segmentOf(name: string, trace = traceId(), seconds?: number): SegmentDocument {
  return document(trace, name, { origin: "AWS::Lambda::Function" }, seconds);
}

const EXAMPLES: Readonly<Record<string, string | number | boolean>> = {
  string: "a",
  number: 1,
  boolean: true,
};

function annotationsOf(service: JudgedService): Readonly<Record<string, string | number | boolean>> {
  const known: Readonly<Record<string, string>> = service === "sse" ? STREAM_ANNOTATIONS : ANNOTATIONS;
  return Object.fromEntries(
    REQUIRED_ANNOTATIONS[service].map((key) => [key, EXAMPLES[known[key]?.split(":")[0] ?? ""] ?? "a"]),
  );
}

/** What a sound run of a function sends: its segment, the least of calls, and every annotation the contract requires. */
export function soundRun(
  environment: Environment,
  service: JudgedService,
  trace = traceId(),
): SegmentDocument[] {
  const segment = segmentOf(functionName(environment, service), trace);
  const work = below(segment, "handle_event", { annotations: annotationsOf(service) });
  const { calls, others }: TraceStructure = TRACE_STRUCTURE[service];
  const made = Object.entries(calls).flatMap(([name, least]) =>
    Array.from({ length: least }, () =>
      name === "remote"
        ? below(work, "api.example.com", { namespace: "remote" })
        : below(work, name, { namespace: "aws" }),
    ),
  );
  const rest = Array.from({ length: others }, (_, index) => below(work, `step_${index}`));
  return [segment, work, ...made, ...rest];
}

/** A sound run of every function. */
export function soundRuns(environment: Environment): SegmentDocument[] {
  return JUDGED_SERVICES.flatMap((service) => soundRun(environment, service));
}

/** What X-Ray would answer of documents, in the form `--recorded` reads. */
export function recordedTraces(documents: readonly SegmentDocument[]) {
  const ids = [...new Set(documents.map(({ trace_id }) => trace_id))];
  const of = (id: string) => documents.filter(({ trace_id }) => trace_id === id);
  return {
    TraceSummaries: ids.map((Id) => {
      const all = of(Id);
      const start = Math.min(...all.map(({ start_time }) => start_time));
      const end = Math.max(...all.map(({ end_time = 0 }) => end_time));
      return { Id, StartTime: start, ResponseTime: end - start };
    }),
    Traces: ids.map((Id) => ({
      Id,
      Segments: of(Id).map((one) => ({ Id: one.id, Document: JSON.stringify(one) })),
    })),
  };
}

const folder = mkdtempSync(join(tmpdir(), "tracewright-gates-"));

/** What a recording begins with that answers a gate's question. */
export function about(reads: string, environment: Environment, more: object = {}): object {
  return { RecordedAt: new Date().toISOString(), Asked: { reads, environment, ...more } };
}

/** Writes a recording and returns its name. */
export function recording(name: string, content: object): string {
  const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

/** A file to record to. */
export function fileToWrite(name: string): string {
  return join(folder, name);
}

/** Traces of what a function really sent, under the segment that Lambda would send. @param root that segment's id */
export function tracesUnder(
  name: string,
  root: string,
  documents: readonly SegmentDocument[],
): readonly Trace[] {
  const [first] = documents;
  if (first === undefined) return [];
  const facade = { ...segmentOf(name, first.trace_id), id: root };
  return recordedTraces([facade, ...documents]).Traces.map(readTrace);
}
