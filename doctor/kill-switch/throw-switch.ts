import type { AliasState, FunctionAdmin, FunctionState } from "./function-admin";
import { moveAlias, objectionTo, publishWritten } from "./move-alias";
import { type Opening, type Order, opening, type SwitchReport, waysOut } from "./report";
import { type Pace, readSettled } from "./settle";
import { changesFor } from "./tracing-switch";
import { writeVariables } from "./write-variables";

/** An alias whose version has yet to be switched. */
interface Behind {
  readonly alias: AliasState;
  /** The version behind it. */
  readonly live: FunctionState;
}

/** An alias that has yet to get a version with the switch. */
async function bringAlias(
  admin: FunctionAdmin,
  order: Order,
  start: Opening,
  { alias, live }: Behind,
  settled: FunctionState,
  pace: Pace,
): Promise<SwitchReport> {
  let version: string | undefined;
  try {
    // Between looking and writing somebody may have changed what the version would release.
    const objection = objectionTo(alias, live, settled);
    if (objection !== "") throw new Error(objection);
    const ready = await publishWritten(admin, order.position, settled, pace, (number) => {
      version = number;
    });
    await moveAlias(admin, alias, ready, pace);
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

/** The alias with its version when that one does not stand as ordered. */
async function behindWith(
  admin: FunctionAdmin,
  { position }: Order,
  alias: AliasState,
): Promise<Behind | undefined> {
  const live = await admin.read(alias.version);
  return changesFor(live.variables, position).length > 0 ? { alias, live } : undefined;
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
  const behind = alias === undefined ? undefined : await behindWith(admin, order, alias);
  const start = opening(order, first, alias, await admin.aliases());
  if (start.changes.length === 0 && behind === undefined) return { ...start, state: "unchanged", words: "" };
  const objection = behind === undefined ? "" : objectionTo(behind.alias, behind.live, first);
  if (objection !== "")
    return {
      ...start,
      state: "refused",
      words: `nothing was written, because alias ${order.alias} cannot move: ${objection}`,
    };
  if (order.dryRun) return { ...start, state: "planned", words: "" };
  const written = await writeVariables(admin, order.position, first, pace);
  if ("stopped" in written)
    return {
      ...start,
      state: written.stopped,
      words: written.why,
      ...(written.stopped === "half-done" ? { waysOut: waysOut(order) } : {}),
    };
  return behind === undefined
    ? { ...start, state: "done", words: "" }
    : bringAlias(admin, order, start, behind, written.settled, pace);
}
