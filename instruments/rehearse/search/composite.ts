import {
  type Alarm,
  type CompositeAlarm,
  evaluateAlarms,
  isComposite,
  isCouldNotEvaluate,
  type MetricAlarm,
  metricKey,
  type StateTransition,
} from "../../cloudwatch";
import { alarmNameOf, alarmsIn, parseRule } from "../../cloudwatch/rule";
import { metricsOf } from "../alarms";
import { EPOCH_MS, SLOT_MS, SLOT_SECONDS, seriesOf } from "../world/track";
import type { World } from "../world/world";
import type { Cause } from "./causes";
import type { Searched } from "./fire";
import { statesFrom } from "./plot";
import { benchFor, outcomeOf, played } from "./trial";
import type { FireVerdict } from "./verdict";

/** The alarms a composite depends on, itself included, children and suppressors of children too. Names not in the set are left out. */
export function dependenciesOf(alarm: Alarm, byName: ReadonlyMap<string, Alarm>): readonly Alarm[] {
  const found = new Map<string, Alarm>();
  const open: Alarm[] = [alarm];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (found.has(one.name)) continue;
    found.set(one.name, one);
    if (!isComposite(one)) continue;
    const rule = parseRule(one.signal.rule);
    const names = isCouldNotEvaluate(rule) ? [] : alarmsIn(rule);
    const suppressor = one.signal.suppressor;
    if (suppressor !== undefined) names.push(alarmNameOf(suppressor.alarm));
    for (const name of names) {
      const next = byName.get(name);
      if (next !== undefined) open.push(next);
    }
  }
  return [...byName.values()].filter((one) => found.has(one.name));
}

/** Minutes by which a child's fault is prolonged when the shortest is over too soon. */
const EXTRA_MINUTES = 30;

interface Attempt {
  readonly cause: Cause;
  readonly minutes: number;
}

function attemptsOf(
  leaves: readonly MetricAlarm[],
  searched: ReadonlyMap<string, Searched>,
): readonly Attempt[] {
  const single = leaves.flatMap(({ name }): Attempt[] => {
    const found = searched.get(name);
    if (found?.found === undefined || found.verdict.kind !== "fires") return [];
    const { plot } = found.verdict;
    return [{ cause: found.found.cause, minutes: (plot.faultTo - plot.faultFrom) / SLOT_SECONDS }];
  });
  if (single.length < 2) return single.flatMap(longer);
  const play: Cause["play"] = (stage, window) => {
    for (const one of single) one.cause.play(stage, window);
  };
  const all = {
    cause: { text: "all of its children fire", play },
    minutes: Math.max(...single.map((one) => one.minutes)),
  };
  return [...single, all].flatMap(longer);
}

/** A composite waits for its suppressor, so the shortest fault of a child may be over before it acts. */
function longer(attempt: Attempt): readonly Attempt[] {
  return [attempt, { ...attempt, minutes: attempt.minutes + EXTRA_MINUTES }];
}

/** Searches for a child whose fault takes a composite alarm from OK to an ALARM action and back. */
export function compositeCanFire(
  world: World,
  alarm: CompositeAlarm,
  byName: ReadonlyMap<string, Alarm>,
  searched: ReadonlyMap<string, Searched>,
  lagMs: number,
): FireVerdict {
  const set = dependenciesOf(alarm, byName);
  const leaves = set.filter((one): one is MetricAlarm => !isComposite(one));
  const refused = evaluateAlarms(set, new Map(), { startMs: EPOCH_MS, endMs: EPOCH_MS }).get(alarm.name);
  if (refused === undefined || isCouldNotEvaluate(refused)) {
    return {
      kind: "could-not-evaluate",
      why: `${refused?.what ?? alarm.name} ${refused?.why ?? "is unknown"}`,
    };
  }
  if (leaves.length === 0)
    return { kind: "cannot", reason: "nothing-raises-it", why: "its rule names no metric alarm" };
  const keys = [...new Set(leaves.flatMap(metricsOf).map(metricKey))];
  const bench = benchFor(world, leaves, keys, lagMs);
  const attempts = attemptsOf(leaves, searched);
  let suppressed = false;
  let restless = false;
  for (const { cause, minutes } of attempts) {
    const { tracks, from, to } = played(world, { ...bench, step: 1 }, cause, minutes);
    const data = new Map([...tracks].map(([key, track]) => [key, seriesOf(track, EPOCH_MS)]));
    const entry = evaluateAlarms(set, data, bench.range, { ingestionLagMs: lagMs }).get(alarm.name);
    if (entry === undefined || isCouldNotEvaluate(entry)) continue;
    const asActed = entry.actions.map(
      (one): StateTransition => ({ timeMs: one.timeMs, from: "OK", to: one.state, reason: "" }),
    );
    const state = outcomeOf(entry.history.transitions, from);
    const { alarmMs, okMs } = outcomeOf(asActed, from);
    restless ||= !state.restedInOk;
    suppressed ||= state.restedInOk && state.alarmMs !== undefined && alarmMs === undefined;
    if (!state.restedInOk || alarmMs === undefined || okMs === undefined) continue;
    const first = from - 15;
    const endMs = Math.max(okMs, EPOCH_MS + to * SLOT_MS) + 15 * SLOT_MS;
    const startMs = EPOCH_MS + first * SLOT_MS;
    return {
      kind: "fires",
      detectSeconds: (alarmMs - EPOCH_MS - from * SLOT_MS) / 1000,
      recoverSeconds: (okMs - EPOCH_MS - to * SLOT_MS) / 1000,
      cause: `${cause.text} for ${minutes === 1 ? "a minute" : `${minutes} minutes`}`,
      plot: {
        seconds: [],
        values: [],
        threshold: undefined,
        lengthSeconds: (endMs - startMs) / 1000,
        faultFrom: (from - first) * SLOT_SECONDS,
        faultTo: (to - first) * SLOT_SECONDS,
        states: statesFrom(entry.history.transitions, startMs, endMs),
      },
    };
  }
  if (suppressed) {
    return {
      kind: "cannot",
      reason: "suppressed",
      why: "its suppressor is in ALARM whenever it is, so it never acts",
    };
  }
  if (restless) return { kind: "cannot", reason: "flaps", why: "it does not rest in OK on a normal day" };
  const unknown = leaves.filter((one) => searched.get(one.name)?.verdict.kind === "could-not-evaluate");
  if (attempts.length === 0 && unknown.length > 0)
    return {
      kind: "could-not-evaluate",
      why: `${unknown[0]?.name} among its children could not be evaluated`,
    };
  return { kind: "cannot", reason: "nothing-raises-it", why: "no fault of its children raises it" };
}
