/** Functions of metric math. Source: user guide, "Functions supported for metric math". Absent here means refused by name. */
import { MathFault } from "./fault";
import { type Frame, finite, mapSeries, type Series, scalar, series, typeName, type Value } from "./value";

/** A function over evaluated arguments; `column` is the name's place for faults. */
type MathFunction = (frame: Frame, args: readonly Value[], column: number) => Value;

const elementwise =
  (name: string, compute: (value: number) => number): MathFunction =>
  (_frame, [only], column) =>
    mapSeries(only as Value, name, column, (one) => series(one.values.map(compute)));

/** Along time, one series at a time. */
const along =
  (name: string, compute: (values: Float64Array, frame: Frame) => Float64Array): MathFunction =>
  (frame, [only], column) => {
    frame.looksAlongTime = true;
    return mapSeries(only as Value, name, column, (one) => series(compute(one.values, frame)));
  };

/** One series gives a number over its datapoints; several give a series, timestamp by timestamp. */
const reducing =
  (name: string, reduce: (present: number[], of: number) => number): MathFunction =>
  (frame, [only], column) => {
    const value = only as Value;
    if (value.kind === "scalar") throw new MathFault(name, "takes time series, not a number", column);
    if (value.kind === "series") {
      frame.looksAlongTime = true;
      const present = [...value.values].filter((one) => !Number.isNaN(one));
      return scalar(present.length === 0 ? Number.NaN : finite(reduce(present, present.length)));
    }
    const values = new Float64Array(frame.length).fill(Number.NaN);
    for (let i = 0; i < frame.length; i++) {
      const present: number[] = [];
      for (const item of value.items) {
        const one = item.values[i] as number;
        if (!Number.isNaN(one)) present.push(one);
      }
      if (present.length > 0) values[i] = finite(reduce(present, value.items.length));
    }
    return series(values);
  };

const total = (present: readonly number[]) => present.reduce((sum, value) => sum + value, 0);

/** Population deviation: the guide does not say which. */
function deviation(present: number[]): number {
  const mean = total(present) / present.length;
  return Math.sqrt(total(present.map((value) => (value - mean) ** 2)) / present.length);
}

/** Each datapoint against the one before it that exists; the first has none and is dropped. */
function steps(
  values: Float64Array,
  frame: Frame,
  compute: (change: number, seconds: number) => number,
): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    if (last >= 0) {
      out[i] = finite(compute(value - (values[last] as number), (i - last) * frame.periodSeconds));
    }
    last = i;
  }
  return out;
}

function runningSum(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => {
    if (Number.isNaN(value)) return value;
    sum += value;
    return sum;
  });
}

/** FILL with REPEAT: the last value before the gap. Nothing precedes a gap at the start, so it stays. */
function repeat(values: Float64Array): Float64Array {
  let last = Number.NaN;
  return values.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}

/** FILL with LINEAR: a straight line across the gap. Gaps at either end have one side only and stay. */
function linear(values: Float64Array): Float64Array {
  const out = Float64Array.from(values);
  let last = -1;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i] as number)) continue;
    const from = values[last] as number;
    const slope = ((values[i] as number) - from) / (i - last);
    for (let gap = last + 1; last >= 0 && gap < i; gap++) out[gap] = from + slope * (gap - last);
    last = i;
  }
  return out;
}

/** FILL(series or list, filler): a number, a series (where it has a datapoint), or the words REPEAT and LINEAR. */
export function fill(frame: Frame, value: Value, filler: Value | "REPEAT" | "LINEAR", column: number): Value {
  if (filler === "REPEAT" || filler === "LINEAR") {
    frame.looksAlongTime = true;
    return mapSeries(value, "FILL", column, (one) =>
      series(filler === "REPEAT" ? repeat(one.values) : linear(one.values)),
    );
  }
  if (filler.kind === "list") throw new MathFault("FILL", "cannot fill from an array of time series", column);
  const at = (i: number) => (filler.kind === "scalar" ? filler.value : (filler.values[i] as number));
  return mapSeries(value, "FILL", column, (one) =>
    series(one.values.map((own, i) => (Number.isNaN(own) ? at(i) : own))),
  );
}

/** The functions of one argument that need nothing but its value. */
export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: elementwise("ABS", Math.abs),
  CEIL: elementwise("CEIL", Math.ceil),
  FLOOR: elementwise("FLOOR", Math.floor),
  SUM: reducing("SUM", total),
  // Of an array the guide counts what is missing as 0; of one series it averages "all the data points".
  AVG: reducing("AVG", (present, of) => total(present) / of),
  MIN: reducing("MIN", (present) => present.reduce((a, b) => Math.min(a, b))),
  MAX: reducing("MAX", (present) => present.reduce((a, b) => Math.max(a, b))),
  STDDEV: reducing("STDDEV", deviation),
  DIFF: along("DIFF", (values, frame) => steps(values, frame, (change) => change)),
  DIFF_TIME: along("DIFF_TIME", (values, frame) => steps(values, frame, (_change, seconds) => seconds)),
  RATE: along("RATE", (values, frame) => steps(values, frame, (change, seconds) => change / seconds)),
  RUNNING_SUM: along("RUNNING_SUM", runningSum),
  METRIC_COUNT: (_frame, [only], column) => {
    const value = only as Value;
    if (value.kind === "list") return scalar(value.items.length);
    throw new MathFault("METRIC_COUNT", `takes an array of time series, not ${typeName(value)}`, column);
  },
  TIME_SERIES: (frame, [only], column) => {
    const value = only as Value;
    if (value.kind === "scalar") return series(new Float64Array(frame.length).fill(value.value));
    throw new MathFault("TIME_SERIES", `takes a number, not ${typeName(value)}`, column);
  },
  PERIOD: (frame, [only], column) => {
    const value = only as Value;
    if (value.kind === "series" && value.metricId !== undefined) return scalar(frame.periodSeconds);
    throw new MathFault("PERIOD", "takes a metric, not the result of an expression", column);
  },
};

/** The metrics of the frame in order, all or those whose id contains `part`. */
export function metrics(frame: Frame, part: string | undefined): Value {
  const items: Series[] = [];
  for (const [metricId, values] of frame.metrics) {
    if (part === undefined || metricId.includes(part)) items.push({ kind: "series", values, metricId });
  }
  return { kind: "list", items };
}
