/** What a metric alarm watches, turned into one number a period. */
import { BREACHING, LOW_SAMPLE, MISSING, type Points, WITHIN } from "./evaluation";
import { type Layout, type MetricData, type MetricRef, metricValues, type Values } from "./metric";
import { compileMath, evaluateMath, type MathProgram } from "./metric-math/evaluator";
import type { Frame, MissingOperand, Value } from "./metric-math/value";
import { type CouldNotEvaluate, couldNotEvaluate, isCouldNotEvaluate } from "./outcome";
import { parseStatistic, samplesWanted } from "./statistic";

/** One metric and how its samples become one value a period. */
export interface MetricSignal {
  readonly kind: "metric";
  readonly metric: MetricRef;
  /** As Terraform writes it: `Sum`, `p99`, `TM(10%:90%)`. */
  readonly statistic: string;
}

/** A line of a metric-math alarm: a metric, or an expression over other lines. */
export type MathQuery =
  | { readonly id: string; readonly metric: MetricRef; readonly statistic: string }
  | { readonly id: string; readonly expression: string };

/** A metric-math expression. All metrics share the alarm's period (user guide, "Alarms on math expressions"). */
export interface MathSignal {
  readonly kind: "math";
  readonly queries: readonly MathQuery[];
  /** The id whose value is compared (`return_data = true`). */
  readonly returns: string;
}

/** The classes of every datapoint, or of the range as seen from one slot when an expression looks along time. */
export type Signal =
  | { readonly kind: "points"; readonly points: Points }
  | { readonly kind: "ranges"; readonly rangeAt: (i: number) => number[] };

/** Most metrics in one math alarm (user guide, "Alarms on math expressions"). */
const MAX_METRICS = 10;

/** Reads a metric signal; `breaches` is the alarm's comparison, `lowSample` its low-sample setting. */
export function metricSignal(
  signal: MetricSignal,
  data: MetricData,
  layout: Layout,
  breaches: (value: number) => boolean,
  lowSample: "evaluate" | "ignore",
): Signal | CouldNotEvaluate {
  const values = metricValues(signal.metric, signal.statistic, data, layout);
  if (isCouldNotEvaluate(values)) return values;
  const statistic = parseStatistic(signal.statistic);
  const wanted = lowSample === "ignore" && !isCouldNotEvaluate(statistic) ? samplesWanted(statistic) : 0;
  const classed = (of: Float64Array, samples: Float64Array | undefined): Uint8Array => {
    const out = classes(of, breaches);
    if (wanted === 0 || samples === undefined) return out;
    for (let i = 0; i < out.length; i++) {
      if (out[i] !== MISSING && (samples[i] as number) < wanted) out[i] = (out[i] as number) | LOW_SAMPLE;
    }
    return out;
  };
  const full = classed(values.full, values.samples);
  const partial = values.partial === undefined ? undefined : classed(values.partial, values.partialSamples);
  return { kind: "points", points: pointsOf(full, partial, MISSING, layout) };
}

/** Reads a metric-math signal; `missingOperand` as in {@link Frame}. */
export function mathSignal(
  signal: MathSignal,
  data: MetricData,
  layout: Layout,
  breaches: (value: number) => boolean,
  missingOperand: MissingOperand,
): Signal | CouldNotEvaluate {
  const metrics = new Map<string, Values>();
  const expressions = new Map<string, string>();
  for (const query of signal.queries) {
    if (metrics.has(query.id) || expressions.has(query.id)) {
      return couldNotEvaluate(query.id, "is the id of two queries");
    }
    if ("expression" in query) expressions.set(query.id, query.expression);
    else {
      const values = metricValues(query.metric, query.statistic, data, layout);
      if (isCouldNotEvaluate(values)) return values;
      metrics.set(query.id, values);
    }
  }
  if (metrics.size > MAX_METRICS) {
    return couldNotEvaluate("metrics", `an alarm takes ${MAX_METRICS} metrics, this has ${metrics.size}`);
  }
  const program = compileMath(expressions);
  if (isCouldNotEvaluate(program)) return program;
  const frameOf = (length: number, pick: (values: Values) => Float64Array): Frame => ({
    length,
    periodSeconds: layout.periodSeconds,
    metrics: new Map([...metrics].map(([id, values]) => [id, pick(values)])),
    missingOperand,
    looksAlongTime: false,
  });
  const silence = frameOf(1, () => Float64Array.of(Number.NaN));
  const silent = valuesOf(program, signal.returns, silence);
  if (isCouldNotEvaluate(silent)) return silent;
  if (silence.looksAlongTime) {
    return ranges(program, signal.returns, metrics, layout, breaches, (length) =>
      frameOf(length, () => silent),
    );
  }
  const whole = valuesOf(
    program,
    signal.returns,
    frameOf(layout.grid.length, (of) => of.full),
  );
  if (isCouldNotEvaluate(whole)) return whole;
  const late = layout.lagSlots % layout.stride > 0;
  const part = late
    ? valuesOf(
        program,
        signal.returns,
        frameOf(layout.grid.length, (of) => of.partial ?? of.full),
      )
    : undefined;
  if (isCouldNotEvaluate(part)) return part;
  const partial = part === undefined ? undefined : classes(part, breaches);
  const silentClass = classes(silent, breaches)[0] as number;
  return { kind: "points", points: pointsOf(classes(whole, breaches), partial, silentClass, layout) };
}

/** The returned value as one series; an alarm watches one time series (guide, "The final result must be ..."). */
function valuesOf(program: MathProgram, id: string, frame: Frame): Float64Array | CouldNotEvaluate {
  const value: Value | CouldNotEvaluate = evaluateMath(program, id, frame);
  if (isCouldNotEvaluate(value)) return value;
  if (value.kind === "series") return value.values;
  const found = value.kind === "scalar" ? "a number" : "an array of time series";
  return couldNotEvaluate(id, `is ${found}, and an alarm watches one time series`);
}

/** For expressions that look along time: evaluated anew over the range that each evaluation retrieves, as CloudWatch does. */
function ranges(
  program: MathProgram,
  returns: string,
  metrics: ReadonlyMap<string, Values>,
  layout: Layout,
  breaches: (value: number) => boolean,
  blank: (length: number) => Frame,
): Signal {
  const { range, stride, lagSlots } = layout;
  const silent = Math.floor(lagSlots / stride);
  const buffers = new Map([...metrics.keys()].map((id) => [id, new Float64Array(range)]));
  const frame: Frame = { ...blank(range), metrics: buffers };
  const rangeAt = (i: number): number[] => {
    for (const [id, values] of metrics) {
      const buffer = buffers.get(id) as Float64Array;
      for (let k = 0; k < range; k++) {
        let value = Number.NaN;
        if (k === silent && values.partial !== undefined) value = values.partial[i] as number;
        else if (k >= silent && i - k * stride >= 0) value = values.full[i - k * stride] as number;
        buffer[range - 1 - k] = value;
      }
    }
    const value = valuesOf(program, returns, frame);
    return isCouldNotEvaluate(value) ? [] : Array.from(classes(value, breaches));
  };
  return { kind: "ranges", rangeAt };
}

function classes(values: Float64Array, breaches: (value: number) => boolean): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isNaN(value)) out[i] = breaches(value) ? BREACHING : WITHIN;
  }
  return out;
}

function pointsOf(
  full: Uint8Array,
  partial: Uint8Array | undefined,
  silentClass: number,
  layout: Layout,
): Points {
  const silent = Math.floor(layout.lagSlots / layout.stride);
  return { full, partial, silent, silentClass, stride: layout.stride };
}
