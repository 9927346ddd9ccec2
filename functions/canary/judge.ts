import type { Environment } from "../../contract/names";
import { apiGaps } from "./api-check";
import type { Findings, Look } from "./lookup";
import type { CanaryReport } from "./parts";
import type { Probe } from "./probe";
import type { Submission } from "./segments";
import { streamGaps } from "./stream-check";
import type { Trouble, TroubleKind } from "./troubles";
import type { WindowEntry } from "./window";

/** What became of a run's test traces. */
export interface TraceVerdict {
  /** False when the last look failed: what it would have found is not known. */
  readonly decided: boolean;
  readonly lost: readonly string[];
  /** Arrived, but X-Ray says that parts are missing (CAN-3). */
  readonly partial: readonly string[];
  /** Handed out by id, and still not indexed at the last look: no search finds them (CAN-2). */
  readonly unindexed: readonly string[];
  /** Indexed, but not handed out (CAN-13). */
  readonly unreadable: readonly string[];
}

/** Judges the test traces by the last look (CAN-2). */
export function judgeTraces(
  { traceIds, error: refused }: Submission,
  { look, error }: Findings,
): TraceVerdict {
  // Of traces that travel, an earlier look says nothing but what had arrived by then.
  const last = error === undefined ? look : undefined;
  const indexed = traceIds.filter((id) => last?.indexed.has(id) === true);
  // What was never taken cannot arrive, whatever a look would say.
  const decided = refused !== undefined || last !== undefined;
  const arrived = (id: string) => look?.indexed.has(id) === true || look?.traces.has(id) === true;
  return {
    decided,
    lost: decided ? traceIds.filter((id) => !arrived(id)) : [],
    partial: indexed.filter((id) => last?.partial.has(id) === true),
    unindexed: traceIds.filter((id) => last?.traces.has(id) === true && !indexed.includes(id)),
    unreadable: indexed.filter((id) => last?.traces.has(id) !== true),
  };
}

/** What a run adds to the window; nothing when none of its traces could be judged. */
export function entryOf(
  { traceIds }: Submission,
  { decided, lost, partial, unindexed }: TraceVerdict,
  at: number,
): WindowEntry | undefined {
  const judged = decided ? traceIds.length - partial.length - unindexed.length : 0;
  return judged === 0 ? undefined : { at, judged, complete: judged - lost.length };
}

/** Troubles of traces that came, but late or out of reach. */
const DEGRADING: readonly TroubleKind[] = [
  "traces_partial",
  "traces_unindexed",
  "traces_unreadable",
  "transaction_search",
];

/** Where the two planes stand, by what is wrong with them (CAN-3). */
export function statusOf(planes: readonly Trouble[]): CanaryReport["status"] {
  if (planes.length === 0) return "healthy";
  return planes.every(({ kind }) => DEGRADING.includes(kind)) ? "degraded" : "failed";
}

/** Whether a look leaves nothing to wait for among the test traces. */
export function allArrived({ traceIds }: Submission, look: Look): boolean {
  return traceIds.every((id) => look.indexed.has(id) && !look.partial.has(id) && look.traces.has(id));
}

/** A request and what its trace must have. */
export interface Followed {
  readonly kind: "api_trace_incomplete" | "stream_trace_incomplete";
  readonly probe: Probe;
}

/** What a request's trace lacks according to a look; empty when it is whole. */
export function gapsOf(environment: Environment, { kind, probe }: Followed, look: Look): readonly string[] {
  const trace = look.traces.get(probe.traceId);
  return kind === "api_trace_incomplete" ? apiGaps(environment, trace) : streamGaps(trace);
}
