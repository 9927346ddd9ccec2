import { everyPiece, type Trace } from "../xray/trace";
import { missingTrace } from "./looked-up-traces";
import type { Finding, Probe } from "./probe";
import { overTraces } from "./trace-finding";

const WANTED = "every document's parent in the same trace";
/** Names that are shown. */
const SHOWN = 8;

interface Loose {
  /** Subsegments whose segment never came. */
  readonly parts: readonly string[];
  /** Segments whose caller recorded nothing here. */
  readonly segments: readonly string[];
}

function looseEnds(trace: Trace): Loose {
  const ids = new Set([...everyPiece(trace)].map(({ id }) => id));
  const orphans = trace.segments.filter(({ parentId }) => parentId !== undefined && !ids.has(parentId));
  return {
    parts: orphans.filter(({ independent }) => independent).map(({ name }) => name),
    segments: orphans.filter(({ independent }) => !independent).map(({ name }) => name),
  };
}

function judge(traces: readonly Trace[], evidence: string): Finding {
  const seen = { evidence, wanted: WANTED };
  const loose = traces.map(looseEnds);
  const parts = [...new Set(loose.flatMap((one) => one.parts))];
  const segments = [...new Set(loose.flatMap((one) => one.segments))];
  if (parts.length > 0) {
    const fix =
      "close every segment after its parts, and in time: what is open when a process ends is never sent";
    const found = `parts whose segment is missing: ${parts.slice(0, SHOWN).join(", ")}`;
    return { ...seen, verdict: "fail", found, fix };
  }
  if (segments.length > 0) {
    const found = `segments whose caller is missing: ${segments.slice(0, SHOWN).join(", ")}`;
    const fix =
      "trace the caller too, or let it send no Parent: a browser's monitoring client often keeps its segment";
    return { ...seen, verdict: "warn", found, fix };
  }
  return { ...seen, verdict: "pass", found: `${traces.length} whole` };
}

/** DOC-3 broken chain: no document of a trace lost its parent. */
export const chain: Probe = {
  id: "chain",
  label: "Trace in one piece",
  why: "A part without its parent shows up beside the trace, or not at all.",
  weight: "required",
  missing: missingTrace,
  look: async (surroundings) => [await overTraces(surroundings, WANTED, judge)],
};
