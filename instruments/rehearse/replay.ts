import {
  type Action,
  type Alarm,
  type AlarmState,
  evaluateAlarms,
  isComposite,
  isCouldNotEvaluate,
  type MetricData,
  type StateTransition,
  type TimeRange,
} from "../cloudwatch";
import type { Evaluate } from "./quiet-histories";
import { stateAt } from "./search/trial";
import { SLOT_MS, type Track } from "./world/track";

/** What an alarm did over a stretch of time: its states, and the changes it acted on. */
export interface Behaviour {
  readonly transitions: readonly StateTransition[];
  readonly actions: readonly Action[];
}

const HOUR_MS = 3_600_000;
/** Datapoints that an evaluation retrieves beyond its periods, and spare ones. */
const EXTRA_POINTS = 4;

/** The behaviour of some alarms; those the evaluator refuses are left out. */
export function behaviours(
  alarms: readonly Alarm[],
  data: MetricData,
  range: TimeRange,
  lagMs: number,
  initialState: AlarmState,
  evaluate: Evaluate,
): ReadonlyMap<string, Behaviour> {
  const found = new Map<string, Behaviour>();
  const options = { ingestionLagMs: lagMs, initialState };
  if (!alarms.some(isComposite)) {
    for (const alarm of alarms) {
      if (isComposite(alarm)) continue;
      const history = evaluate(alarm, data, range, options);
      if (isCouldNotEvaluate(history)) continue;
      const { transitions } = history;
      const actions = transitions.map(({ timeMs, to }) => ({ timeMs, state: to }));
      found.set(alarm.name, { transitions, actions });
    }
    return found;
  }
  for (const [name, entry] of evaluateAlarms(alarms, data, range, options, evaluate)) {
    if (isCouldNotEvaluate(entry)) continue;
    found.set(name, { transitions: entry.history.transitions, actions: entry.actions });
  }
  return found;
}

/** The slots in which two tracks differ: from the first up to, not including, the one after the last. */
export function difference(quiet: Track, changed: Track): { from: number; to: number } | undefined {
  const same = (i: number) => {
    const a = quiet.value[i] as number;
    const b = changed.value[i] as number;
    if (!Object.is(a, b)) return false;
    return Number.isNaN(a) || (quiet.count?.[i] ?? 1) === (changed.count?.[i] ?? 1);
  };
  let from = 0;
  let to = quiet.value.length;
  while (from < to && same(from)) from++;
  while (to > from && same(to - 1)) to--;
  return from === to ? undefined : { from, to };
}

/** How long changed data may influence some alarms, ms. */
export function influenceMs(alarms: readonly Alarm[], lagMs: number): number {
  let longest = 0;
  let held = 0;
  for (const alarm of alarms) {
    if (!isComposite(alarm)) {
      longest = Math.max(longest, (alarm.evaluationPeriods + EXTRA_POINTS) * alarm.periodSeconds * 1000);
    } else if (alarm.signal.suppressor !== undefined) {
      const { waitSeconds, extensionSeconds } = alarm.signal.suppressor;
      held += (waitSeconds + extensionSeconds) * 1000;
    }
  }
  return longest + held + lagMs + 2 * HOUR_MS;
}

/**
 * The actions of an alarm (the last of `set`, which holds what it depends on) when only some slots differ from
 * the baseline. Evaluates around them and takes the rest from the baseline; gives the same answer as evaluating all,
 * and `undefined` when it cannot promise that.
 */
export function replayed(
  alarm: Alarm,
  set: readonly Alarm[],
  data: MetricData,
  range: TimeRange,
  lagMs: number,
  changed: { readonly fromMs: number; readonly toMs: number },
  baseline: ReadonlyMap<string, Behaviour>,
  evaluate: Evaluate,
): readonly Action[] | undefined {
  const known = baseline.get(alarm.name);
  const influence = influenceMs(set, lagMs);
  const lead = isComposite(alarm) ? influence : 0;
  const startMs = Math.floor((changed.fromMs - lead) / HOUR_MS) * HOUR_MS;
  const endMs = Math.min(range.endMs, Math.ceil((changed.toMs + influence) / HOUR_MS) * HOUR_MS);
  if (known === undefined || startMs <= range.startMs) return undefined;
  const before = stateAt(known.transitions, startMs);
  const initial = isComposite(alarm) ? "INSUFFICIENT_DATA" : before;
  const part = behaviours(set, data, { startMs, endMs }, lagMs, initial, evaluate);
  const own = part.get(alarm.name);
  if (own === undefined) return undefined;
  const after = own.transitions.at(-1)?.to ?? initial;
  if (endMs < range.endMs && after !== stateAt(known.transitions, endMs)) return undefined;
  if (!isComposite(alarm)) {
    const kept = known.actions.filter((one) => one.timeMs <= startMs || one.timeMs > endMs);
    return [...kept, ...own.actions].sort((a, b) => a.timeMs - b.timeMs);
  }
  for (const one of set) {
    const usual = baseline.get(one.name);
    if (usual === undefined || usual.transitions.some((change) => change.timeMs > startMs)) return undefined;
    const settled = stateAt(part.get(one.name)?.transitions ?? [], changed.fromMs - SLOT_MS);
    if (settled !== stateAt(usual.transitions, startMs)) return undefined;
  }
  const later = own.actions.filter((one) => one.timeMs >= changed.fromMs);
  return [...known.actions.filter((one) => one.timeMs <= startMs), ...later];
}
