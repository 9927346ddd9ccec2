import { tell } from "./alert";
import { unwrittenTroubles } from "./diagnosis";
import { beat } from "./heartbeat";
import type { CanaryParts } from "./parts";
import type { CanaryState, Recalled } from "./state";
import { due, markTold, persisting, type Trouble } from "./troubles";

/** What a run has come to, before anybody was told. */
export interface Outcome {
  readonly runId: string;
  readonly troubles: readonly Trouble[];
  /** What its alert names. */
  readonly traceIds: readonly string[];
  /** What the next run is to know besides the troubles. */
  readonly left: Omit<CanaryState, "troubles">;
}

/** How a run was brought to its end. */
export interface Conclusion {
  readonly alerted: boolean;
  /** All troubles, that of keeping the state included. */
  readonly troubles: readonly Trouble[];
}

/**
 * Tells what is due, keeps the state, and sends the heartbeat last: a run that never comes this far is heard by its
 * alarm. That the state cannot be written turns out only then and is told by itself, unless it could not be read
 * either. Never throws.
 */
export async function conclude(
  parts: CanaryParts,
  recalled: Recalled,
  { runId, troubles, traceIds, left }: Outcome,
): Promise<Conclusion> {
  const { clients, clock, config, logger, state } = parts;
  const before = recalled.state.troubles;
  const persistences = persisting(before, troubles);
  const telling = due(troubles, persistences, recalled.remembers);
  const alerted = await tell(parts, { runId, troubles: telling, traceIds });
  const next = { ...left, troubles: alerted ? markTold(persistences, telling) : persistences };
  const [failure] = await Promise.all([
    state.write(next, logger),
    beat(clients.backupCloudWatch, config, clock.now(), logger),
  ]);
  if (failure === undefined || recalled.problem !== undefined) return { alerted, troubles };

  const unwritten = unwrittenTroubles(failure);
  const lasting = persisting(before, unwritten);
  const late = due(unwritten, lasting, recalled.remembers);
  const told = await tell(parts, { runId, troubles: late, traceIds: [] });
  state.remember({ ...next, troubles: { ...next.troubles, ...(told ? markTold(lasting, late) : lasting) } });
  return { alerted: alerted || told, troubles: [...troubles, ...unwritten] };
}
