import type { Segment } from "../xray/segment";
import { piecesOf } from "../xray/segment";
import type { Trace } from "../xray/trace";

/** What a trace holds of one function. */
export interface FunctionParts {
  /** Segments that bear its name: Lambda's own, and the function's. */
  readonly segments: readonly Segment[];
  /** Everything recorded below them, documents of their own included. */
  readonly parts: readonly Segment[];
}

/**
 * Picks a function out of a trace. Subsegments come inside their segment or, sent on their own, beside it; both count.
 * What another function recorded hangs below a call of this one, but in a segment of its own, and does not count.
 */
export function partsOf(trace: Trace, functionName: string): FunctionParts {
  const segments = trace.segments.filter(
    ({ name, independent, inferred }) => name === functionName && !independent && !inferred,
  );
  const parts = segments.flatMap(({ parts: inside }) => inside.flatMap((part) => [...piecesOf(part)]));
  const known = new Set([...segments, ...parts].map(({ id }) => id));
  let waiting = trace.segments.filter(({ independent }) => independent);
  for (;;) {
    const found = waiting.filter(({ parentId }) => parentId !== undefined && known.has(parentId));
    if (found.length === 0) return { segments, parts };
    waiting = waiting.filter((one) => !found.includes(one));
    const pieces = found.flatMap((one) => [...piecesOf(one)]);
    parts.push(...pieces);
    for (const { id } of pieces) known.add(id);
  }
}
