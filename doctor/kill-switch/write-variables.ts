import { Conflict, type FunctionAdmin, type FunctionState, Unanswered } from "./function-admin";
import type { SwitchState } from "./report";
import { onceFree, type Pace, readSettled } from "./settle";
import { changesFor, merged, othersThatDiffer, type SwitchPosition } from "./tracing-switch";

/** How often a change by somebody else is taken in before giving up. */
const TRIES = 3;

/** Variables as wanted and applied, or why not. */
export type Written =
  | { readonly settled: FunctionState }
  | { readonly stopped: Extract<SwitchState, "refused" | "half-done" | "unsettled">; readonly why: string };

/** What became of one write. */
type Attempt =
  /** Lambda has taken it. */
  | { readonly kind: "accepted" }
  /** The function has another revision by now: somebody else was faster. */
  | { readonly kind: "stale" }
  /** It may have arrived. */
  | { readonly kind: "unanswered"; readonly why: string };

/** @throws InputError when AWS refuses; Conflict when Lambda stays busy */
async function attempted(
  admin: FunctionAdmin,
  state: FunctionState,
  position: SwitchPosition,
  pace: Pace,
): Promise<Attempt> {
  const wanted = merged(state.variables, changesFor(state.variables, position));
  try {
    await onceFree(() => admin.write(wanted, state.revision), pace);
    return { kind: "accepted" };
  } catch (error) {
    if (error instanceof Unanswered) return { kind: "unanswered", why: error.message };
    if (error instanceof Conflict && !error.busy) return { kind: "stale" };
    throw error;
  }
}

function halfDone(why: string): Written {
  return { stopped: "half-done", why };
}

const NOT_KNOWN = "Lambda has not answered the write, so whether the variables are written is not known";

/** Why a state cannot be built upon, if it cannot. @param wrote true when this run has changed it */
function stopOver({ update, why }: FunctionState, wrote: boolean): Written | undefined {
  if (update === "in progress")
    return {
      stopped: wrote ? "half-done" : "unsettled",
      why: `${wrote ? "the variables are written, but " : ""}Lambda has not applied the function's last change within two minutes`,
    };
  return wrote && update === "failed" ? halfDone(`Lambda could not apply the change (${why})`) : undefined;
}

/**
 * Writes the variables and waits until Lambda has applied them. What somebody else changes meanwhile is read again and
 * kept.
 *
 * @param first the function as it was found
 * @returns half-done for every failure after a write was sent
 * @throws InputError when AWS refuses; nothing is written then
 */
export async function writeVariables(
  admin: FunctionAdmin,
  position: SwitchPosition,
  first: FunctionState,
  pace: Pace,
): Promise<Written> {
  let state = first;
  let wrote = false;
  for (let attempt = 0; attempt <= TRIES; attempt += 1) {
    const stop = stopOver(state, wrote);
    if (stop !== undefined) return stop;
    if (changesFor(state.variables, position).length === 0) return { settled: state };
    if (attempt === TRIES) break;
    let sent: Attempt | undefined;
    let next: FunctionState;
    try {
      sent = await attempted(admin, state, position, pace);
      wrote ||= sent.kind === "accepted";
      next = await readSettled(admin, pace);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (sent?.kind === "unanswered") return halfDone(`${NOT_KNOWN}: ${sent.why}`);
      if (wrote) return halfDone(`the variables are written, but what became of them is not known: ${why}`);
      if (error instanceof Conflict) return { stopped: "unsettled", why };
      throw error;
    }
    const switched = changesFor(next.variables, position).length === 0;
    if (sent.kind === "unanswered" && !switched)
      return halfDone(`${NOT_KNOWN}; they do not show it yet, and it may still arrive: ${sent.why}`);
    // A request that was sent twice finds its own change and takes it for somebody else's.
    wrote ||= switched;
    const others = othersThatDiffer(state.variables, next.variables);
    if (!switched || others.length > 0) {
      const which = others.length === 0 ? "" : ` (${others.join(", ")})`;
      pace.progress(`somebody else changed ${admin.functionName} meanwhile${which}; that change stays`);
    }
    state = next;
  }
  return {
    stopped: wrote ? "half-done" : "refused",
    why: `somebody else changed the function ${TRIES} times meanwhile; CloudTrail's UpdateFunctionConfiguration tells who`,
  };
}
