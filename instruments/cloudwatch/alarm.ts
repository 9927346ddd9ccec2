/** Metric alarms: the model, and its states over time. Source: user guide, "Alarm evaluation"; API, PutMetricAlarm. */
import { className, DECISIONS, decisions, pointsAt } from "./evaluation";
import type { Layout, MetricData } from "./metric";
import type { MissingOperand } from "./metric-math/value";
import { type AlarmState, decide, EXTRA_DATAPOINTS, type Rule } from "./missing-data";
import { type CouldNotEvaluate, couldNotEvaluate, isCouldNotEvaluate } from "./outcome";
import { alignDown, cadenceMs, checkPeriod, SECOND_MS, slotMsOf } from "./period";
import { MAX_SLOTS } from "./series";
import { type MathSignal, type MetricSignal, mathSignal, metricSignal, type Signal } from "./signal";

/** An alarm on a metric or an expression, in Terraform's terms. */
export interface MetricAlarm {
  readonly name: string;
  readonly signal: MetricSignal | MathSignal;
  /** `comparison_operator`; the anomaly-band operators are refused by name. */
  readonly comparison: string;
  readonly threshold: number;
  /** Seconds: 10, 20, 30 or a multiple of 60. */
  readonly periodSeconds: number;
  /** N. */
  readonly evaluationPeriods: number;
  /** M; equals N when Terraform leaves `datapoints_to_alarm` out. */
  readonly datapointsToAlarm: number;
  /** Terraform's default is `missing` (for AWS/DynamoDB metrics CloudWatch defaults to `ignore`); here it is always said. */
  readonly treatMissingData: Rule["treatMissingData"];
  /** `evaluate_low_sample_count_percentiles`. Default `evaluate`. */
  readonly lowSample?: "evaluate" | "ignore";
}

/** Evaluation instants are after `startMs` and up to `endMs`, epoch ms. Earlier data is used when there is some. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** Settings of an evaluation that CloudWatch does not publish or that depend on the emitter. */
export interface EvaluationOptions {
  /** How long after a slot ends its data can be read, ms; rounded up to whole slots. Default 0. */
  readonly ingestionLagMs?: number;
  /** Datapoints retrieved beyond N. Default {@link EXTRA_DATAPOINTS}. */
  readonly extraDatapoints?: number;
  /** The state at `startMs`. Default INSUFFICIENT_DATA, the state of a new alarm. */
  readonly initialState?: AlarmState;
  /** Binary operators where one series has no datapoint: `zero` as the guide says (default), or `drop`. */
  readonly missingOperand?: MissingOperand;
}

/** A change of state at an instant of evaluation (epoch ms), and what the evaluation saw. */
export interface StateTransition {
  readonly timeMs: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
}

/** The states of an alarm over a range: its transitions in order of time. */
export interface AlarmHistory {
  readonly kind: "evaluated";
  readonly initialState: AlarmState;
  readonly finalState: AlarmState;
  readonly transitions: readonly StateTransition[];
  /** How many times the alarm was evaluated. */
  readonly evaluations: number;
}

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const MODES: readonly string[] = ["missing", "ignore", "breaching", "notBreaching"];

/**
 * Evaluates one alarm over a range: every minute (every 10 s below a minute, hourly beyond a day), each time over the
 * sliding periods that end there. Costs one pass over the slots. Refuses, and never throws for, what CloudWatch would
 * refuse or this evaluator does not know: period, M and N, operator, statistic, expression.
 */
export function evaluateAlarm(
  alarm: MetricAlarm,
  data: MetricData,
  range: TimeRange,
  options: EvaluationOptions = {},
): AlarmHistory | CouldNotEvaluate {
  const fault = checkAlarm(alarm) ?? checkRange(range, options);
  if (fault !== undefined) return fault;
  const slotMs = slotMsOf(alarm.periodSeconds);
  const cadence = cadenceMs(alarm.periodSeconds, alarm.evaluationPeriods);
  const stride = (alarm.periodSeconds * SECOND_MS) / slotMs;
  const lagSlots = Math.ceil((options.ingestionLagMs ?? 0) / slotMs);
  const points = alarm.evaluationPeriods + (options.extraDatapoints ?? EXTRA_DATAPOINTS);
  const begin = alignDown(range.startMs, cadence);
  const warmUp = points * stride + lagSlots;
  const length = warmUp + Math.max(0, Math.floor((range.endMs - begin) / cadence)) * (cadence / slotMs);
  if (length > MAX_SLOTS) return couldNotEvaluate("range", `needs ${length} slots, more than ${MAX_SLOTS}`);
  const layout: Layout = {
    grid: { startMs: begin - warmUp * slotMs, slotMs, length },
    stride,
    lagSlots,
    range: points,
    periodSeconds: alarm.periodSeconds,
  };
  const compare = COMPARISONS[alarm.comparison] as (value: number, threshold: number) => boolean;
  const breaches = (value: number) => compare(value, alarm.threshold);
  const signal =
    alarm.signal.kind === "metric"
      ? metricSignal(alarm.signal, data, layout, breaches, alarm.lowSample ?? "evaluate")
      : mathSignal(alarm.signal, data, layout, breaches, options.missingOperand ?? "zero");
  if (isCouldNotEvaluate(signal)) return signal;
  return history(alarm, signal, layout, warmUp, cadence, options.initialState ?? "INSUFFICIENT_DATA");
}

function history(
  alarm: MetricAlarm,
  signal: Signal,
  layout: Layout,
  warmUp: number,
  cadence: number,
  initialState: AlarmState,
): AlarmHistory {
  const { grid, range } = layout;
  const step = cadence / grid.slotMs;
  const first = warmUp + step - 1;
  const codes = signal.kind === "points" ? decisions(signal.points, alarm, range, first) : undefined;
  const seenAt = (i: number) =>
    signal.kind === "points" ? pointsAt(signal.points, i, range) : signal.rangeAt(i);
  const transitions: StateTransition[] = [];
  let state = initialState;
  let evaluations = 0;
  for (let i = first; i < grid.length; i += step) {
    evaluations++;
    const decision =
      codes === undefined ? decide(seenAt(i).map(className), alarm) : DECISIONS[codes[i] as number];
    if (decision === undefined || decision === "retain" || decision === state) continue;
    const timeMs = grid.startMs + (i + 1) * grid.slotMs;
    transitions.push({ timeMs, from: state, to: decision, reason: reasonOf(alarm, seenAt(i)) });
    state = decision;
  }
  return { kind: "evaluated", initialState, finalState: state, transitions, evaluations };
}

/** One sentence in the guide's marks: oldest first, X breaches, 0 does not, - is missing. */
function reasonOf(alarm: MetricAlarm, seen: readonly number[]): string {
  const marks = seen.map((code) => ({ missing: "-", ok: "0", breaching: "X" })[className(code)]);
  const shown =
    marks.length > 20 ? `... ${marks.slice(-20).join(" ")} (newest 20 of ${marks.length})` : marks.join(" ");
  const { datapointsToAlarm: m, evaluationPeriods: n, comparison, threshold, treatMissingData } = alarm;
  return `${shown}: ${m} of ${n} for ${comparison} ${threshold}, missing data ${treatMissingData}`;
}

function checkAlarm(alarm: MetricAlarm): CouldNotEvaluate | undefined {
  const { evaluationPeriods: n, datapointsToAlarm: m } = alarm;
  if (!Object.hasOwn(COMPARISONS, alarm.comparison)) {
    return couldNotEvaluate(alarm.comparison, "is not a comparison with a fixed threshold");
  }
  if (!Number.isFinite(alarm.threshold))
    return couldNotEvaluate("threshold", `${alarm.threshold} is no number`);
  if (!Number.isInteger(n) || n < 1) return couldNotEvaluate("evaluationPeriods", `${n} is not 1 or more`);
  if (!Number.isInteger(m) || m < 1 || m > n) {
    return couldNotEvaluate("datapointsToAlarm", `${m} is not from 1 to the evaluation periods, ${n}`);
  }
  if (!MODES.includes(alarm.treatMissingData)) {
    return couldNotEvaluate(String(alarm.treatMissingData), `is none of ${MODES.join(", ")}`);
  }
  return checkPeriod(alarm.periodSeconds, n);
}

function checkRange(range: TimeRange, options: EvaluationOptions): CouldNotEvaluate | undefined {
  const { startMs, endMs } = range;
  if (!Number.isSafeInteger(startMs) || !Number.isSafeInteger(endMs) || endMs < startMs) {
    return couldNotEvaluate("range", `${startMs} to ${endMs} is not a range of epoch ms`);
  }
  const lag = options.ingestionLagMs ?? 0;
  if (!Number.isFinite(lag) || lag < 0)
    return couldNotEvaluate("ingestionLagMs", `${lag} is not 0 or more ms`);
  const extra = options.extraDatapoints ?? 0;
  if (!Number.isInteger(extra) || extra < 0) {
    return couldNotEvaluate("extraDatapoints", `${extra} is not 0 or more`);
  }
  return undefined;
}
