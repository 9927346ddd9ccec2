import type { AliasState, FunctionAdmin, FunctionState } from "./function-admin";
import { moveAlias, objectionTo, publishWritten } from "./move-alias";
import { type Opening, type Order, opening, type SwitchReport, waysOut } from "./report";
import { type Pace, readSettled } from "./settle";
import { changesFor } from "./tracing-switch";
import { writeVariables } from "./write-variables";

/** An alias that has yet to get a version with the switch. */
async function bringAlias(
  admin: FunctionAdmin,
  order: Order,
  start: Opening,
  alias: AliasState,
  settled: FunctionState,
  pace: Pace,
): Promise<SwitchReport> {
  let version: string | undefined;
  try {
    version = await publishWritten(admin, order.position, settled, pace);
    await moveAlias(admin, alias, version);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const so = version === undefined ? "no version is published" : `version ${version} is published`;
    return {
      ...start,
      state: "half-done",
      words: `the variables are written and ${so}, but alias ${alias.name} has not moved: ${why}`,
      waysOut: waysOut(order),
    };
  }
  return {
    ...start,
    alias: { name: alias.name, from: alias.version, to: version },
    state: "done",
    words: "",
  };
}

/**
 * Switches a function's tracing: reads all variables, merges, writes the whole map back, and with an alias publishes a
 * version and moves the alias there (DEP-3). Every write names the revision that was read, so nobody's change is lost.
 *
 * @throws InputError when the variables cannot be read, or AWS refuses before anything was written
 */
export async function throwSwitch(admin: FunctionAdmin, order: Order, pace: Pace): Promise<SwitchReport> {
  const first = await readSettled(admin, pace);
  const alias = order.alias === undefined ? undefined : await admin.alias(order.alias);
  const live = alias === undefined ? undefined : await admin.read(alias.version);
  const start = opening(order, first, alias, await admin.aliases());
  const behind = live !== undefined && changesFor(live.variables, order.position).length > 0;
  if (start.changes.length === 0 && !behind) return { ...start, state: "unchanged", words: "" };
  if (alias !== undefined && live !== undefined && behind) {
    const objection = objectionTo(alias, live, first);
    if (objection !== "")
      return {
        ...start,
        state: "refused",
        words: `nothing was written, because alias ${alias.name} cannot move: ${objection}`,
      };
  }
  if (order.dryRun) return { ...start, state: "planned", words: "" };
  const written = await writeVariables(admin, order.position, first, pace);
  if ("stopped" in written)
    return {
      ...start,
      state: written.stopped,
      words: written.why,
      ...(written.stopped === "half-done" ? { waysOut: waysOut(order) } : {}),
    };
  return alias === undefined || !behind
    ? { ...start, state: "done", words: "" }
    : bringAlias(admin, order, start, alias, written.settled, pace);
}
