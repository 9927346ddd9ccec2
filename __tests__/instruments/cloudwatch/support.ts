import fc from "fast-check";
import {
  type AlarmHistory,
  type AlarmState,
  type Datapoint,
  denseSeries,
  type EvaluationOptions,
  evaluateAlarm,
  type MetricAlarm,
  type MetricData,
  type MetricSeries,
  metricKey,
  seriesFrom,
} from "../../../instruments/cloudwatch";

/** An epoch instant on an hour, and the minute. */
export const T0 = 1_700_002_800_000;
export const MINUTE = 60_000;

/** Long hostile input, shortened for a test title. */
export const title = (text: string): string =>
  text.length > 40 ? `${text.slice(0, 20)}... (${text.length} characters)` : text;

/** Every invariant is tried on this many random inputs (acceptance B4 asks for 5,000 or more). */
export const RUNS = { numRuns: 5_000, seed: 20_240_229 };

export const REF = { namespace: "App", name: "Errors", dimensions: { FunctionName: "ingest" } };

/** `null` is a minute in which nothing was reported. */
export type Minutes = readonly (number | null)[];

export const minutes = (values: Minutes, startMs = T0): MetricSeries =>
  denseSeries(
    startMs,
    MINUTE,
    Float64Array.from(values, (value) => value ?? Number.NaN),
  );

export const dataOf = (series: MetricSeries): MetricData => new Map([[metricKey(REF), series]]);

export function alarmOf(changes: Partial<MetricAlarm> & { statistic?: string } = {}): MetricAlarm {
  const { statistic, ...rest } = changes;
  return {
    name: "errors",
    signal: { kind: "metric", metric: REF, statistic: statistic ?? "Sum" },
    comparison: "GreaterThanThreshold",
    threshold: 5,
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: "missing",
    ...rest,
  };
}

export function evaluated(
  alarm: MetricAlarm,
  data: MetricData,
  count: number,
  options: EvaluationOptions = {},
  startMs = T0,
): AlarmHistory {
  const history = evaluateAlarm(alarm, data, { startMs, endMs: startMs + count * MINUTE }, options);
  if (history.kind !== "evaluated") throw new Error(`${history.what}: ${history.why}`);
  return history;
}

/** The state after each of `count` evaluations a minute apart. */
export function statesOf(history: AlarmHistory, count: number, startMs = T0): AlarmState[] {
  const states: AlarmState[] = [];
  let state = history.initialState;
  let next = 0;
  for (let k = 1; k <= count; k++) {
    for (; (history.transitions[next]?.timeMs ?? Infinity) <= startMs + k * MINUTE; next++) {
      state = history.transitions[next]?.to ?? state;
    }
    states.push(state);
  }
  return states;
}

export function ingested(datapoints: readonly Datapoint[], slotMs?: number): MetricSeries {
  const series = seriesFrom(datapoints, slotMs);
  if (series.kind !== "series") throw new Error(series.message);
  return series;
}

export const anyMinutes = fc.array(fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 10 })), {
  minLength: 1,
  maxLength: 30,
});
export const anyMode = fc.constantFrom("missing", "ignore", "breaching", "notBreaching");
export const anyMofN = fc
  .integer({ min: 1, max: 4 })
  .chain((n) => fc.integer({ min: 1, max: n }).map((m) => ({ evaluationPeriods: n, datapointsToAlarm: m })));
export const anyComparison = fc.constantFrom(
  "GreaterThanThreshold",
  "GreaterThanOrEqualToThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
);
export const anyAlarm = fc
  .record({
    mOfN: anyMofN,
    treatMissingData: anyMode,
    comparison: anyComparison,
    threshold: fc.integer({ min: 0, max: 12 }),
    periodSeconds: fc.constantFrom(60, 120, 180),
    statistic: fc.constantFrom("Sum", "Average", "Minimum", "Maximum", "p50", "p90", "TM(10%:90%)"),
  })
  .map(({ mOfN, ...rest }) => alarmOf({ ...mOfN, ...rest }));
