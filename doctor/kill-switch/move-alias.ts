import {
  type AliasState,
  Conflict,
  type FunctionAdmin,
  type FunctionState,
  Unanswered,
} from "./function-admin";
import { onceFree, type Pace, readSettled } from "./settle";
import { changesFor, othersThatDiffer, type SwitchPosition } from "./tracing-switch";

/**
 * Why moving an alias to a version made of `$LATEST` would do more than switch tracing.
 *
 * @param live the version behind the alias
 * @returns empty when it would not
 */
export function objectionTo(
  { version, shares }: AliasState,
  live: FunctionState,
  latest: FunctionState,
): string {
  if (shares.length > 0)
    return `it sends a share of its calls to version ${shares.join(", ")}: a deployment is going on; end or revert it first`;
  if (live.codeSha256 !== latest.codeSha256)
    return `version ${version} has other code than $LATEST, which moving the alias would release; deploy or revert that first`;
  const others = othersThatDiffer(live.variables, latest.variables);
  return others.length === 0
    ? ""
    : `version ${version} and $LATEST differ in ${others.join(", ")}, which moving the alias would release; deploy or revert that first`;
}

/** Publishes what was read, or what is there when nothing but its revision has changed. */
async function publish(
  admin: FunctionAdmin,
  position: SwitchPosition,
  settled: FunctionState,
  pace: Pace,
): Promise<string> {
  try {
    return await onceFree(() => admin.publish(settled), pace);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const again = await readSettled(admin, pace);
    const same =
      again.codeSha256 === settled.codeSha256 &&
      changesFor(again.variables, position).length === 0 &&
      othersThatDiffer(settled.variables, again.variables).length === 0;
    if (!same) throw new Error("somebody else changed the function before its version was published");
    return await onceFree(() => admin.publish(again), pace);
  }
}

/**
 * Publishes the variables that were written and waits until the version can be called. A conflict over nothing but the
 * revision is tried once more.
 *
 * @param published told the version's number as soon as there is one
 * @throws Error in words when somebody changed the function since, or Lambda cannot run the version; InputError when AWS
 * refuses
 */
export async function publishWritten(
  admin: FunctionAdmin,
  position: SwitchPosition,
  settled: FunctionState,
  pace: Pace,
  published: (version: string) => void,
): Promise<string> {
  const version = await publish(admin, position, settled, pace);
  published(version);
  const { update, why } = await readSettled(admin, pace, version);
  if (update === "failed") throw new Error(`Lambda cannot run version ${version} (${why})`);
  if (update === "in progress") throw new Error(`version ${version} cannot be called after two minutes`);
  return version;
}

/**
 * Moves the alias unless somebody else has.
 *
 * @throws Error in words when it points elsewhere by now; InputError when AWS refuses
 */
export async function moveAlias(
  admin: FunctionAdmin,
  alias: AliasState,
  version: string,
  pace: Pace,
): Promise<void> {
  try {
    await onceFree(() => admin.move(alias, version), pace);
  } catch (error) {
    const stale = error instanceof Conflict && !error.busy;
    if (!stale && !(error instanceof Unanswered)) throw error;
    const again = await admin.alias(alias.name);
    // A request that was sent twice, or not answered, may have moved it.
    if (again.version === version && again.shares.length === 0) return;
    if (!stale) throw error;
    if (again.version !== alias.version || again.shares.length > 0)
      throw new Error(
        `somebody else moved it from version ${alias.version} to ${again.version} meanwhile; CloudTrail's UpdateAlias tells who`,
      );
    await onceFree(() => admin.move(again, version), pace);
  }
}
