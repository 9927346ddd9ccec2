import type { SegmentDocument } from "../../lab/runtime/xray-daemon";

/** A segment document for tests; `number` makes ids that differ. */
export function segmentDocument(
  number: number,
  startS: number,
  change: Readonly<Record<string, unknown>> = {},
): SegmentDocument {
  const digits = number.toString(16);
  return {
    id: digits.padStart(16, "0"),
    trace_id: traceId(number, startS),
    name: "shop",
    start_time: startS,
    end_time: startS + 0.5,
    ...change,
  };
}

/** The trace id of {@link segmentDocument}. */
export function traceId(number: number, startS: number): string {
  return `1-${Math.floor(startS).toString(16).padStart(8, "0")}-${number.toString(16).padStart(24, "0")}`;
}

/** A trace as `BatchGetTraces` gives it. */
export function rawTrace(id: string, documents: readonly object[]) {
  return {
    Id: id,
    Segments: documents.map((document, index) => ({ Id: String(index), Document: JSON.stringify(document) })),
  };
}
