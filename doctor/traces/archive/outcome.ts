import { EXIT, type Exit } from "../../../instruments/cli/exit";
import { json } from "../../../instruments/cli/plain";
import { counted, duration } from "../../../instruments/rehearse/text";
import { BATCHES_PER_SECOND, TRACES_AT_ONCE } from "../../xray/live";
import type { Manifest } from "./manifest";
import { type ArchivePlan, estimateSeconds } from "./plan";

/** What became of a question for an archive. */
export type Outcome =
  | { readonly state: "archived" | "archived-before"; readonly manifest: Manifest }
  /** Objects are written; X-Ray did not look up everything, so there is no manifest. */
  | { readonly state: "incomplete"; readonly manifest: Manifest; readonly unprocessed: readonly string[] }
  | { readonly state: "planned"; readonly plan: ArchivePlan }
  | { readonly state: "empty" };

/** Seconds the traces of a plan take to read. */
function secondsOf(plan: ArchivePlan): number {
  return Math.ceil(estimateSeconds(plan, TRACES_AT_ONCE, BATCHES_PER_SECOND));
}

/** How many traces there are, and how long reading them takes. */
export function estimateText(plan: ArchivePlan): string {
  const speed = TRACES_AT_ONCE * BATCHES_PER_SECOND;
  return `${counted(plan.traces, "trace")} in ${counted(plan.windows.length, "window")}: about ${duration(secondsOf(plan))}, for X-Ray gives at most ${speed} a second`;
}

function details(outcome: Outcome): object {
  if (outcome.state === "empty") return { traces: 0 };
  if (outcome.state === "planned") {
    const { plan } = outcome;
    return { traces: plan.traces, windows: plan.windows.length, seconds: secondsOf(plan) };
  }
  const { state: _state, manifest, ...rest } = outcome;
  return { ...manifest, ...rest };
}

/** One object, whatever the outcome. */
export function forMachines(outcome: Outcome, manifestKey: string): string {
  return json({ state: outcome.state, manifestKey, ...details(outcome) });
}

const NAMED = "--json names them";

/** What to print, and what to say beside it. */
export function forPeople(
  outcome: Outcome,
  place: string,
): { readonly out?: string; readonly notes: readonly string[] } {
  if (outcome.state === "empty")
    return { notes: ["no trace began then; nothing was written. tracewright doctor looks for the cause"] };
  if (outcome.state === "planned") return { notes: [] };
  const { traces, parts, missing, malformed } = outcome.manifest;
  const notes = [
    ...(malformed > 0 ? [`${counted(malformed, "document")} cannot be read and were kept as they came`] : []),
    ...(missing.length > 0 ? [`${counted(missing.length, "trace")} could no longer be read; ${NAMED}`] : []),
  ];
  const written = `${counted(traces, "trace")} in ${counted(parts.length, "object")}`;
  if (outcome.state === "incomplete") {
    const left = counted(outcome.unprocessed.length, "trace");
    const lacking = `X-Ray did not look up ${left}, so there is no manifest: run it again later; ${NAMED}`;
    return { out: `wrote ${written}, which is not all`, notes: [...notes, lacking] };
  }
  if (outcome.state === "archived") return { out: `archived ${written}; manifest ${place}`, notes };
  return { notes: [`archived before: ${place}, ${written}; --again writes it anew`, ...notes] };
}

/** 0 when everything asked for is kept, 3 when there is nothing or something is lacking. */
export function exitOf(outcome: Outcome): Exit {
  if (outcome.state === "planned") return EXIT.fine;
  if (outcome.state === "empty" || outcome.state === "incomplete") return EXIT.undecided;
  return outcome.manifest.missing.length === 0 ? EXIT.fine : EXIT.undecided;
}
