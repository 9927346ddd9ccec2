import type { SegmentDocument } from "./xray-daemon";

/** A document and when it arrived, epoch milliseconds. */
interface Kept {
  readonly document: SegmentDocument;
  readonly arrivedAt: number;
}

/** The documents of one trace, as X-Ray keeps them. */
export interface KeptTrace {
  readonly id: string;
  /** As they were sent. */
  readonly documents: readonly SegmentDocument[];
  /** The same with those inside others beside them. */
  readonly flat: readonly SegmentDocument[];
  /** Seconds since the epoch. */
  readonly startTime: number;
  /** Seconds. */
  readonly duration: number;
}

const TRACE_ID = /^1-([0-9a-f]{8})-[0-9a-f]{24}$/;
const SEGMENT_ID = /^[0-9a-f]{16}$/;
/** X-Ray's limit on a document, bytes. */
const DOCUMENT_BYTES = 64 * 1024;
/** X-Ray refuses traces that begin further back, seconds. */
const OLDEST_SECONDS = 30 * 86_400;

/**
 * What X-Ray has against a document, which moto does not notice.
 *
 * @param text the document as sent
 * @param now epoch milliseconds
 * @returns an error code, or `undefined` when the document is sound
 */
export function flawOf(text: string, now: number): string | undefined {
  if (Buffer.byteLength(text) > DOCUMENT_BYTES) return "SegmentTooLarge";
  const parsed: unknown = safely(text);
  if (typeof parsed !== "object" || parsed === null) return "ParseError";
  const { id, trace_id, name, start_time, end_time, in_progress } = parsed as Record<string, unknown>;
  if (typeof id !== "string" || !SEGMENT_ID.test(id)) return "InvalidId";
  const epoch = TRACE_ID.exec(String(trace_id))?.[1];
  if (epoch === undefined) return "InvalidTraceId";
  if (Math.abs(now / 1000 - Number.parseInt(epoch, 16)) > OLDEST_SECONDS) return "InvalidTraceId";
  if (typeof name !== "string" || name === "") return "MissingName";
  if (typeof start_time !== "number") return "MissingStartTime";
  return typeof end_time === "number" || in_progress === true ? undefined : "MissingEndTime";
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flatten(document: SegmentDocument): readonly SegmentDocument[] {
  return [document, ...(document.subsegments ?? []).flatMap(flatten)];
}

function traceOf(id: string, kept: readonly Kept[]): KeptTrace {
  const documents = kept.map(({ document }) => document);
  const flat = documents.flatMap(flatten);
  const startTime = Math.min(...flat.map(({ start_time }) => start_time));
  const ends = flat.map(({ start_time, end_time }) => end_time ?? start_time);
  return { id, documents, flat, startTime, duration: Math.max(...ends) - startTime };
}

/** Keeps documents by trace. */
export class XRayTraces {
  readonly #kept = new Map<string, Map<string, Kept>>();

  /** Keeps a document; one with the same id takes the place of the one before, as a finished segment does. */
  add(document: SegmentDocument, arrivedAt: number): void {
    const trace = this.#kept.get(document.trace_id) ?? new Map<string, Kept>();
    this.#kept.set(document.trace_id, trace.set(document.id, { document, arrivedAt }));
  }

  /** The traces of what had arrived by then, epoch milliseconds, the oldest first. */
  arrivedBy(time: number): readonly KeptTrace[] {
    return [...this.#kept]
      .map(([id, trace]) => [id, [...trace.values()].filter(({ arrivedAt }) => arrivedAt <= time)] as const)
      .filter(([, kept]) => kept.length > 0)
      .map(([id, kept]) => traceOf(id, kept))
      .sort((a, b) => a.startTime - b.startTime);
  }

  /** Forgets everything. */
  clear(): void {
    this.#kept.clear();
  }
}
