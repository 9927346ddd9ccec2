import {
  type CouldNotEvaluate,
  isCouldNotEvaluate,
  type MetricAlarm,
  type MetricData,
  metricKey,
} from "../cloudwatch";
import { type Layout, metricValues } from "../cloudwatch/metric";
import { compileMath, evaluateMath } from "../cloudwatch/metric-math/evaluator";
import { metricsOf } from "../rehearse/alarms";

const SLOT_MS = 60_000;
const DAY_MS = 86_400_000;

/** What an alarm would have compared over a baseline. */
export interface Observed {
  /** Its signal period by period, oldest first, periods without data left out. */
  readonly values: readonly number[];
  /** Periods in the span. */
  readonly periods: number;
  /** Days from the first to the last datapoint of its metrics. */
  readonly days: number;
  /** Epoch ms. */
  readonly startMs: number;
  /** Epoch ms. */
  readonly endMs: number;
}

const NOTHING: Observed = { values: [], periods: 0, days: 0, startMs: 0, endMs: 0 };

function signalOf(alarm: MetricAlarm, data: MetricData, layout: Layout): Float64Array | CouldNotEvaluate {
  const { signal } = alarm;
  if (signal.kind === "metric") {
    const values = metricValues(signal.metric, signal.statistic, data, layout);
    return isCouldNotEvaluate(values) ? values : values.full;
  }
  const metrics = new Map<string, Float64Array>();
  const expressions = new Map<string, string>();
  const heard = new Uint8Array(layout.grid.length);
  for (const query of signal.queries) {
    if ("expression" in query) {
      expressions.set(query.id, query.expression);
      continue;
    }
    const values = metricValues(query.metric, query.statistic, data, layout);
    if (isCouldNotEvaluate(values)) return values;
    metrics.set(query.id, values.full);
    for (let i = 0; i < heard.length; i++) if (!Number.isNaN(values.full[i] as number)) heard[i] = 1;
  }
  const program = compileMath(expressions);
  if (isCouldNotEvaluate(program)) return program;
  const value = evaluateMath(program, signal.returns, {
    length: layout.grid.length,
    periodSeconds: layout.periodSeconds,
    metrics,
    missingOperand: "zero",
    looksAlongTime: false,
  });
  if (isCouldNotEvaluate(value)) return value;
  if (value.kind !== "series")
    return { kind: "could-not-evaluate", what: signal.returns, why: "is no single time series" };
  // FILL and other functions make values up where no metric had one: those are no datapoints.
  return value.values.map((one, i) => (heard[i] === 1 ? one : Number.NaN));
}

/** The signal of an alarm over a baseline at the alarm's own period; nothing when one of its metrics has no data. */
export function observed(alarm: MetricAlarm, data: MetricData): Observed | CouldNotEvaluate {
  const series = metricsOf(alarm).map((one) => data.get(metricKey(one)));
  const spans = series.flatMap((one) =>
    one === undefined || one.sum.length === 0
      ? []
      : [{ startMs: one.startMs, endMs: one.startMs + one.sum.length * one.slotMs }],
  );
  if (spans.length === 0 || spans.length < series.length) return NOTHING;
  const stride = (alarm.periodSeconds * 1000) / SLOT_MS;
  const startMs = Math.max(...spans.map((one) => one.startMs));
  const endMs = Math.min(...spans.map((one) => one.endMs));
  const length = Math.max(0, Math.ceil((endMs - startMs) / SLOT_MS / stride)) * stride;
  if (length === 0) return NOTHING;
  const values = signalOf(alarm, data, {
    grid: { startMs, slotMs: SLOT_MS, length },
    stride,
    lagSlots: 0,
    range: 1,
    periodSeconds: alarm.periodSeconds,
  });
  if (isCouldNotEvaluate(values)) return values;
  const ends = Array.from(values).filter((one, i) => (i + 1) % stride === 0 && !Number.isNaN(one));
  return { values: ends, periods: length / stride, days: (endMs - startMs) / DAY_MS, startMs, endMs };
}
