import { Conflict, type FunctionAdmin, type FunctionState } from "./function-admin";
import type { SwitchState } from "./report";
import { type Pace, readSettled } from "./settle";
import { changesFor, merged, othersThatDiffer, type SwitchPosition } from "./tracing-switch";

/** How often a change by somebody else is taken in before giving up. */
const TRIES = 3;

/** Variables as wanted and applied, or why not. */
export type Written =
  | { readonly settled: FunctionState }
  | { readonly stopped: Extract<SwitchState, "refused" | "half-done" | "unsettled">; readonly why: string };

/** Writes unless somebody else was faster. */
async function tryToWrite(
  admin: FunctionAdmin,
  state: FunctionState,
  position: SwitchPosition,
): Promise<boolean> {
  try {
    await admin.write(merged(state.variables, changesFor(state.variables, position)), state.revision);
    return true;
  } catch (error) {
    if (error instanceof Conflict) return false;
    throw error;
  }
}

/**
 * Writes the variables and waits until Lambda has applied them. What somebody else changes meanwhile is read again and
 * kept.
 *
 * @param first the function as it was found
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
    if (state.update === "in progress")
      return {
        stopped: wrote ? "half-done" : "unsettled",
        why: "Lambda has not applied the function's last change within two minutes",
      };
    if (wrote && state.update === "failed")
      return { stopped: "half-done", why: `Lambda could not apply the change (${state.why})` };
    if (changesFor(state.variables, position).length === 0) return { settled: state };
    if (attempt === TRIES) break;
    const accepted = await tryToWrite(admin, state, position);
    wrote ||= accepted;
    const next = await readSettled(admin, pace);
    const others = othersThatDiffer(state.variables, next.variables);
    if (!accepted || others.length > 0) {
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
