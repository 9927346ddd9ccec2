/** Alarm evaluation straight from the guide's sentences, slow and separate from the product: the judge of its fast path. */
import type { AlarmState, MetricAlarm } from "../../../instruments/cloudwatch";
import { MINUTE } from "./support";

export interface Sample {
  readonly timestamp: number;
  readonly value: number;
}

function statistic(name: string, samples: readonly number[]): number | undefined {
  const n = samples.length;
  const sum = samples.reduce((a, b) => a + b, 0);
  if (name === "SampleCount") return n === 0 ? undefined : n;
  if (n === 0) return undefined;
  if (name === "Sum") return sum;
  if (name === "Average") return sum / n;
  if (name === "Minimum") return Math.min(...samples);
  if (name === "Maximum") return Math.max(...samples);
  const sorted = [...samples].sort((a, b) => a - b);
  if (name === "TM(10%:90%)") {
    const kept = sorted.slice(Math.floor(n / 10), Math.ceil((9 * n) / 10));
    return kept.reduce((a, b) => a + b, 0) / kept.length;
  }
  const share = Number(name.slice(1));
  return sorted.find((_value, i) => (i + 1) * 100 >= share * n) ?? sorted[n - 1];
}

function breaches(alarm: MetricAlarm, value: number): boolean {
  switch (alarm.comparison) {
    case "GreaterThanThreshold":
      return value > alarm.threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= alarm.threshold;
    case "LessThanThreshold":
      return value < alarm.threshold;
    default:
      return value <= alarm.threshold;
  }
}

/** The state after each evaluation, one a minute, of `count` from `startMs`. */
export function naiveStates(
  alarm: MetricAlarm,
  samples: readonly Sample[],
  startMs: number,
  count: number,
  lagMinutes: number,
  extra: number,
  initial: AlarmState = "INSUFFICIENT_DATA",
): AlarmState[] {
  if (alarm.signal.kind !== "metric") throw new Error("metrics only");
  const { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData: mode } = alarm;
  const states: AlarmState[] = [];
  let state = initial;
  for (let k = 1; k <= count; k++) {
    const now = startMs + k * MINUTE;
    const arrived = samples.filter(
      ({ timestamp }) => (Math.floor(timestamp / MINUTE) + 1 + lagMinutes) * MINUTE <= now,
    );
    const newestFirst: (boolean | undefined)[] = [];
    for (let age = 0; age < n + extra; age++) {
      const end = now - age * alarm.periodSeconds * 1_000;
      const inside = arrived.filter(
        ({ timestamp }) => timestamp >= end - alarm.periodSeconds * 1_000 && timestamp < end,
      );
      const value = statistic(
        alarm.signal.statistic,
        inside.map((sample) => sample.value),
      );
      newestFirst.push(value === undefined ? undefined : breaches(alarm, value));
    }
    const real = newestFirst.filter((point) => point !== undefined);
    const alarming = (points: readonly (boolean | undefined)[]) => points.filter(Boolean).length >= m;
    if (real.length >= n) state = alarming(real.slice(0, n)) ? "ALARM" : "OK";
    else if (mode === "breaching" || mode === "notBreaching") {
      const filled = [...real, ...Array.from({ length: n - real.length }, () => mode === "breaching")];
      state = alarming(filled) ? "ALARM" : "OK";
    } else if (alarming(real)) state = "ALARM";
    else if (real.includes(false)) state = "OK";
    else if (mode === "missing") {
      const oldest = newestFirst.lastIndexOf(true);
      state = oldest + 1 >= m && oldest >= 0 ? "ALARM" : "INSUFFICIENT_DATA";
    }
    states.push(state);
  }
  return states;
}
