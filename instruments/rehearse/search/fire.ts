import type { MetricAlarm } from "../../cloudwatch";
import { metricKey } from "../../cloudwatch";
import { metricsOf } from "../alarms";
import { EPOCH_MS, SLOT_MS, seriesOf } from "../world/track";
import type { World } from "../world/world";
import { type Cause, causesFor } from "./causes";
import { plotOf } from "./plot";
import { restlessness, whyNothing } from "./reasons";
import { signalValues } from "./signal-values";
import { type Bench, benchFor, factsOf, outcomeOf, played, type Trial, tried } from "./trial";
import type { FireVerdict } from "./verdict";

/** The smallest series found that raises an alarm. */
export interface Found {
  readonly cause: Cause;
  readonly steps: number;
}

/** A verdict, and the series behind it for composites to use. */
export interface Searched {
  readonly verdict: FireVerdict;
  readonly found?: Found;
}

interface Search {
  readonly world: World;
  readonly alarm: MetricAlarm;
  readonly bench: Bench;
  readonly lagMs: number;
}

function attempt(search: Search, cause: Cause | undefined, steps: number, drop = false): Trial | string {
  const { world, alarm, bench, lagMs } = search;
  const missingOperand = drop ? "drop" : "zero";
  return tried(world, alarm, bench, cause, steps, { ingestionLagMs: lagMs, missingOperand });
}

function raises(search: Search, cause: Cause, steps: number): "yes" | "no" | "stuck" {
  const trial = attempt(search, cause, steps);
  if (typeof trial === "string") return "no";
  const { restedInOk, alarmMs, okMs } = outcomeOf(trial.transitions, trial.from);
  if (!restedInOk || alarmMs === undefined) return "no";
  return okMs === undefined ? "stuck" : "yes";
}

/** The fewest steps that raise the alarm: by bisection, as a longer fault is not less of one. */
function fewestSteps(search: Search, cause: Cause): number {
  let fails = 0;
  let works = search.bench.mostSteps;
  while (works - fails > 1) {
    const middle = Math.floor((fails + works) / 2);
    if (raises(search, cause, middle) === "yes") works = middle;
    else fails = middle;
  }
  return works;
}

function disagreement(search: Search, found: Found): string | undefined {
  if (search.alarm.signal.kind !== "math") return undefined;
  const trial = attempt(search, found.cause, found.steps, true);
  if (typeof trial === "string") return trial;
  const { restedInOk, alarmMs, okMs } = outcomeOf(trial.transitions, trial.from);
  if (restedInOk && alarmMs !== undefined && okMs !== undefined) return undefined;
  const how = !restedInOk
    ? "does not rest in OK"
    : alarmMs === undefined
      ? "does not fire"
      : "does not recover";
  return `if CloudWatch drops a missing operand instead of taking it as zero, it ${how}`;
}

/** Searches the smallest realistic series that takes a metric alarm from OK to ALARM and back to OK. */
export function canFire(world: World, alarm: MetricAlarm, lagMs: number): Searched {
  const keys = [...new Set(metricsOf(alarm).map(metricKey))];
  const watched = factsOf(world, keys);
  const bench = benchFor(world, [alarm], keys, lagMs);
  const search: Search = { world, alarm, bench, lagMs };
  const quiet = attempt(search, undefined, 0);
  if (typeof quiet === "string") return { verdict: { kind: "could-not-evaluate", why: quiet } };
  const doubt = watched.find((one) => one.doubt !== undefined && one.never === undefined);
  if (doubt?.doubt !== undefined) return { verdict: { kind: "could-not-evaluate", why: doubt.doubt } };
  const restless = restlessness(alarm, bench, quiet, watched);
  if (restless !== undefined) return { verdict: restless };
  const causes = causesFor(world, alarm, watched);
  let stuck = false;
  for (const cause of causes) {
    const answer = raises(search, cause, bench.mostSteps);
    stuck ||= answer === "stuck";
    if (answer !== "yes") continue;
    const found = { cause, steps: fewestSteps(search, cause) };
    const verdict = described(search, found);
    if (verdict !== undefined) return { verdict, found };
  }
  const reached = closest(search, causes);
  return { verdict: whyNothing(alarm, watched, { tries: causes.length, stuck, reached }) };
}

/** The value closest to breaching that the signal takes under any cause. */
function closest({ world, alarm, bench }: Search, causes: readonly Cause[]): number | undefined {
  const high = alarm.comparison.startsWith("Greater");
  let best: number | undefined;
  for (const cause of causes) {
    const { tracks, from, to } = played(world, bench, cause, bench.mostSteps);
    const data = new Map([...tracks].map(([key, track]) => [key, seriesOf(track, EPOCH_MS)]));
    for (const value of signalValues(alarm, data, bench.day.slots).subarray(from, to)) {
      if (Number.isNaN(value)) continue;
      if (best === undefined || (high ? value > best : value < best)) best = value;
    }
  }
  return best;
}

function described(search: Search, found: Found): FireVerdict | undefined {
  const trial = attempt(search, found.cause, found.steps);
  if (typeof trial === "string") return undefined;
  const { alarmMs, okMs } = outcomeOf(trial.transitions, trial.from);
  if (alarmMs === undefined || okMs === undefined) return undefined;
  const differs = disagreement(search, found);
  const minutes = trial.to - trial.from;
  return {
    kind: "fires",
    detectSeconds: (alarmMs - EPOCH_MS - trial.from * SLOT_MS) / 1000,
    recoverSeconds: (okMs - EPOCH_MS - trial.to * SLOT_MS) / 1000,
    cause: `${found.cause.text} for ${minutes === 1 ? "a minute" : `${minutes} minutes`}`,
    plot: plotOf(search.alarm, search.bench, trial, okMs),
    ...(differs === undefined ? {} : { disagreement: differs }),
  };
}
