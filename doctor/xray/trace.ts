import * as v from "valibot";
import { grafted, type MalformedDocument } from "./grafted";
import { piecesOf, readSegment, type Segment } from "./segment";

/** A trace as `BatchGetTraces` gives it; fields that are new to us stay, for an archive keeps them. */
export const RAW_TRACE = v.looseObject({
  Id: v.pipe(
    v.string(),
    v.regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/i, "a trace id such as 1-5f84c7a1-5f84c7a1e8e4c2d3b4a59687"),
  ),
  Duration: v.optional(v.number()),
  LimitExceeded: v.optional(v.boolean()),
  Segments: v.optional(v.array(v.looseObject({ Id: v.optional(v.string()), Document: v.string() })), []),
});

/** See {@link RAW_TRACE}. */
export type RawTrace = v.InferOutput<typeof RAW_TRACE>;

/** A whole trace. */
export interface Trace {
  readonly id: string;
  /** Seconds from its first start to its last end, as X-Ray says. */
  readonly durationS: number | undefined;
  /** True when X-Ray dropped documents because the trace had grown too large (VERIFY 2). */
  readonly limitExceeded: boolean;
  /** By start; subsegments that were sent on their own stand inside their segment if it is there. */
  readonly segments: readonly Segment[];
  readonly malformed: readonly MalformedDocument[];
  /** What X-Ray gave, to archive it unchanged. */
  readonly raw: RawTrace;
}

/** Reads the documents of a trace; those that cannot be read are named. */
export function readTrace(raw: RawTrace): Trace {
  const read: Segment[] = [];
  const malformed: MalformedDocument[] = [];
  for (const { Id = "without id", Document } of raw.Segments) {
    try {
      read.push(readSegment(Document));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      malformed.push({ segmentId: Id, problem: error.message });
    }
  }
  const { segments, tooDeep } = grafted(read);
  malformed.push(...tooDeep);
  return {
    id: raw.Id,
    durationS: raw.Duration,
    limitExceeded: raw.LimitExceeded ?? false,
    segments,
    malformed,
    raw,
  };
}

/** The same trace given in pieces, as one; a document given twice counts once. */
export function joined(pieces: readonly RawTrace[]): RawTrace {
  const first = pieces[0];
  if (first === undefined) throw new RangeError("no piece of a trace");
  const documents = new Map(
    pieces.flatMap(({ Segments }) => Segments).map((segment) => [segment.Document, segment]),
  );
  // A page that is within the limit does not bring back what another has dropped.
  const limit = pieces.some(({ LimitExceeded }) => LimitExceeded === true) ? { LimitExceeded: true } : {};
  return { ...first, ...pieces.at(-1), ...limit, Segments: [...documents.values()] };
}

/** Every segment and subsegment of a trace, parents before their parts. */
export function* everyPiece(trace: Trace): Generator<Segment> {
  for (const segment of trace.segments) yield* piecesOf(segment);
}

/** When the request began, epoch milliseconds, as its id says to the second. */
export function startOfId(id: string): number {
  return Number.parseInt(id.slice("1-".length, "1-".length + 8), 16) * 1000;
}

/** The segment the request entered by: nobody in the trace called it. */
export function rootOf(trace: Trace): Segment | undefined {
  const ids = new Set([...everyPiece(trace)].map(({ id }) => id));
  const entries = trace.segments.filter(({ parentId }) => parentId === undefined || !ids.has(parentId));
  return entries.find(({ independent }) => !independent) ?? entries[0];
}

/** When the first piece began and how long it was until the last ended, seconds; `undefined` for a trace without pieces. */
export function spanOf(trace: Trace): { readonly startS: number; readonly lastsS: number } | undefined {
  let startS = Number.POSITIVE_INFINITY;
  let lastS = Number.NEGATIVE_INFINITY;
  for (const piece of everyPiece(trace)) {
    startS = Math.min(startS, piece.startS);
    lastS = Math.max(lastS, piece.endS ?? piece.startS);
  }
  return Number.isFinite(startS) ? { startS, lastsS: Math.max(0, lastS - startS) } : undefined;
}
