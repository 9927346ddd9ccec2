import {
  type AlarmState,
  type EvaluationOptions,
  evaluateAlarm,
  isCouldNotEvaluate,
  type MetricAlarm,
  type StateTransition,
  type TimeRange,
} from "../../cloudwatch";
import { Stage } from "../effects/stage";
import { type Day, quietDay } from "../world/day";
import type { SeriesFacts } from "../world/series-facts";
import { EPOCH_MS, SLOT_MS, SLOT_SECONDS, seriesOf, type Track } from "../world/track";
import type { World } from "../world/world";
import type { Cause } from "./causes";

/** The stretch of time an alarm is tried over, in slots. */
export interface Bench {
  readonly day: Day;
  readonly range: TimeRange;
  /** Slot at which a fault starts. */
  readonly lead: number;
  /** Slots between datapoints of the slowest metric. */
  readonly step: number;
  /** Most steps a fault lasts. */
  readonly mostSteps: number;
}

/** How an alarm behaved. */
export interface Trial {
  readonly transitions: readonly StateTransition[];
  readonly tracks: ReadonlyMap<string, Track>;
  readonly from: number;
  readonly to: number;
}

/** Periods looked at beyond the evaluation periods, and spare ones. */
const EXTRA_PERIODS = 3;

/** Lays out enough quiet time before and after a fault for an alarm to settle. */
export function benchFor(
  world: World,
  alarms: readonly MetricAlarm[],
  keys: readonly string[],
  lagMs: number,
): Bench {
  const every = keys.map((key) => world.series.get(key)?.everySeconds ?? SLOT_SECONDS);
  const step = Math.max(1, ...every.map((seconds) => Math.round(seconds / SLOT_SECONDS)));
  const longest = Math.max(
    ...alarms.map((one) => (one.evaluationPeriods + EXTRA_PERIODS) * (one.periodSeconds / SLOT_SECONDS)),
  );
  const span = Math.ceil(longest + lagMs / SLOT_MS);
  const steps = Math.ceil(span / step) + 2;
  const lead = 2 * steps * step;
  const slots = lead + 2 * steps * step + span + 60;
  const startMs = EPOCH_MS + span * SLOT_MS;
  return {
    day: quietDay(world, slots, keys),
    range: { startMs, endMs: EPOCH_MS + slots * SLOT_MS },
    lead,
    step,
    mostSteps: steps,
  };
}

/** The data of a bench with a cause played for some steps, or of the quiet bench. */
export function played(world: World, bench: Bench, cause: Cause | undefined, steps: number) {
  const stage = new Stage(world, bench.day);
  const window = { from: bench.lead, to: bench.lead + steps * bench.step };
  cause?.play(stage, window);
  const tracks = new Map([...bench.day.tracks, ...stage.tracks]);
  return { tracks, ...window };
}

/** Evaluates one alarm over a bench; a text when the evaluator refuses. */
export function tried(
  world: World,
  alarm: MetricAlarm,
  bench: Bench,
  cause: Cause | undefined,
  steps: number,
  options: EvaluationOptions,
): Trial | string {
  const { tracks, from, to } = played(world, bench, cause, steps);
  const data = new Map([...tracks].map(([key, track]) => [key, seriesOf(track, EPOCH_MS)]));
  const history = evaluateAlarm(alarm, data, bench.range, options);
  if (isCouldNotEvaluate(history)) return `${history.what} ${history.why}`;
  return { transitions: history.transitions, tracks, from, to };
}

/** The state after an instant; a new alarm has no data. */
export function stateAt(transitions: readonly StateTransition[], timeMs: number): AlarmState {
  return transitions.findLast((one) => one.timeMs <= timeMs)?.to ?? "INSUFFICIENT_DATA";
}

/** When, in ms of the epoch, a trial went to ALARM after its fault began and then back to OK; absent parts did not happen. */
export function outcomeOf(transitions: readonly StateTransition[], fromSlot: number) {
  const fromMs = EPOCH_MS + fromSlot * SLOT_MS;
  const restedInOk = stateAt(transitions, fromMs) === "OK";
  const alarm = transitions.find((one) => one.timeMs > fromMs && one.to === "ALARM");
  const ok = transitions.find((one) => alarm !== undefined && one.timeMs > alarm.timeMs && one.to === "OK");
  const stays = ok !== undefined && transitions.at(-1)?.to === "OK";
  return { restedInOk, alarmMs: alarm?.timeMs, okMs: stays ? ok?.timeMs : undefined };
}

/** The facts of the metrics an alarm watches, each once. */
export function factsOf(world: World, keys: readonly string[]): readonly SeriesFacts[] {
  return [...new Set(keys)].flatMap((key) => world.series.get(key) ?? []);
}
