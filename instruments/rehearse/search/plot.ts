import type { MetricAlarm, StateTransition } from "../../cloudwatch";
import { EPOCH_MS, SLOT_MS, SLOT_SECONDS, seriesOf } from "../world/track";
import { signalValues } from "./signal-values";
import { type Bench, stateAt, type Trial } from "./trial";
import type { Plot } from "./verdict";

/** Most points of one plot: more cannot be told apart at its size. */
const MOST_POINTS = 240;

/** States from an instant on, seconds from it. */
export function statesFrom(
  transitions: readonly StateTransition[],
  startMs: number,
  endMs: number,
): Plot["states"] {
  const first = { fromSeconds: 0, state: stateAt(transitions, startMs) };
  const later = transitions.filter((one) => one.timeMs > startMs && one.timeMs <= endMs);
  return [first, ...later.map((one) => ({ fromSeconds: (one.timeMs - startMs) / 1000, state: one.to }))];
}

/** The signal, threshold and states of a trial, from a little before the fault until the alarm is OK again. */
export function plotOf(alarm: MetricAlarm, bench: Bench, trial: Trial, okMs: number): Plot {
  const data = new Map([...trial.tracks].map(([key, track]) => [key, seriesOf(track, EPOCH_MS)]));
  const signal = signalValues(alarm, data, bench.day.slots);
  const okSlot = Math.ceil((okMs - EPOCH_MS) / SLOT_MS);
  const shown = Math.max(okSlot, trial.to) - trial.from;
  const margin = Math.max(5, bench.step, Math.ceil(shown / 4));
  const first = Math.max(0, trial.from - margin);
  const last = Math.min(bench.day.slots, trial.from + shown + margin);
  const stride = Math.max(1, Math.ceil((last - first) / MOST_POINTS));
  const seconds: number[] = [];
  const values: (number | undefined)[] = [];
  for (let slot = first; slot < last; slot += stride) {
    const value = signal[slot] as number;
    seconds.push((slot + 1 - first) * SLOT_SECONDS);
    values.push(Number.isNaN(value) ? undefined : value);
  }
  const startMs = EPOCH_MS + first * SLOT_MS;
  return {
    seconds,
    values,
    threshold: alarm.threshold,
    lengthSeconds: (last - first) * SLOT_SECONDS,
    faultFrom: (trial.from - first) * SLOT_SECONDS,
    faultTo: (trial.to - first) * SLOT_SECONDS,
    states: statesFrom(trial.transitions, startMs, EPOCH_MS + last * SLOT_MS),
  };
}
