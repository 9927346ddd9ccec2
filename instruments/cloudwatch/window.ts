/** Sliding periods: the statistic of every window of w slots, in time linear in the number of slots. */
import { type CouldNotEvaluate, couldNotEvaluate } from "./outcome";
import { overSamples } from "./samples";
import type { MetricSeries } from "./series";
import { needsSamples, type Statistic } from "./statistic";

/** For each slot i, the period of w slots that ends with slot i. */
export interface Windows {
  /** The statistic; NaN where the period holds no data. */
  readonly value: Float64Array;
  /** How many samples the period holds; given for statistics that need raw values. */
  readonly samples: Float64Array | undefined;
}

/**
 * Computes `statistic` over every window of `w` slots. Refuses statistics that need raw values where CloudWatch has none:
 * opaque statistic sets, or negative values (user guide, "Requirements to use percentiles, trimmed mean, ...").
 */
export function windows(
  series: MetricSeries,
  statistic: Statistic,
  name: string,
  w: number,
): Windows | CouldNotEvaluate {
  if (!needsSamples(statistic)) return simpleWindows(series, statistic, w);
  if (series.detail !== undefined && series.detail.opaqueSlot >= 0) {
    const at = series.startMs + series.detail.opaqueSlot * series.slotMs;
    return couldNotEvaluate(name, `needs raw values, and the data at ${at} is a statistic set without them`);
  }
  const low = series.detail === undefined ? series.sum : series.detail.sampleValue;
  for (let i = 0; i < low.length; i++) {
    if ((low[i] as number) < 0)
      return couldNotEvaluate(name, "is not available for metrics with negative values");
  }
  return sampleWindows(series, statistic, w);
}

function simpleWindows(series: MetricSeries, statistic: Statistic, w: number): Windows {
  const { sum, detail } = series;
  if (w === 1 && detail === undefined && statistic.kind !== "SampleCount") {
    return { value: sum, samples: undefined };
  }
  const samples = slide(detail?.count ?? presence(sum), w, 0, add);
  let value: Float64Array;
  if (statistic.kind === "SampleCount") value = samples;
  else if (statistic.kind === "Minimum") {
    value = slide(detail?.min ?? without(sum, Infinity), w, Infinity, Math.min);
  } else if (statistic.kind === "Maximum") {
    value = slide(detail?.max ?? without(sum, -Infinity), w, -Infinity, Math.max);
  } else value = slide(without(sum, 0), w, 0, add);
  const average = statistic.kind === "Average";
  for (let i = 0; i < value.length; i++) {
    const count = samples[i] as number;
    if (count === 0) value[i] = Number.NaN;
    else if (average) value[i] = (value[i] as number) / count;
  }
  return { value, samples: undefined };
}

/** 1 where there is a value, 0 where there is none. */
function presence(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i] as number)) out[i] = 1;
  return out;
}

/** A copy with NaN replaced. */
function without(values: Float64Array, empty: number): Float64Array {
  const out = Float64Array.from(values);
  for (let i = 0; i < out.length; i++) if (Number.isNaN(out[i] as number)) out[i] = empty;
  return out;
}

const add = (a: number, b: number) => a + b;

/**
 * Combines every run of `w` entries with an associative operation, two operations each (van Herk): prefixes and suffixes
 * of blocks of w. Unlike a running difference it never subtracts, so sums do not drift and min and max work too.
 */
export function slide(
  input: Float64Array,
  w: number,
  identity: number,
  op: (a: number, b: number) => number,
): Float64Array {
  if (w === 1) return Float64Array.from(input);
  const n = input.length;
  const suffix = new Float64Array(n);
  const output = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    const endsBlock = (i + 1) % w === 0 || i === n - 1;
    suffix[i] = endsBlock ? (input[i] as number) : op(input[i] as number, suffix[i + 1] as number);
  }
  let prefix = identity;
  for (let i = 0; i < n; i++) {
    prefix = i % w === 0 ? (input[i] as number) : op(prefix, input[i] as number);
    output[i] = i < w || (i + 1) % w === 0 ? prefix : op(suffix[i - w + 1] as number, prefix);
  }
  return output;
}

/** Keeps the samples of the current window sorted: one merge a slot, dropping what left and adding what came. */
function sampleWindows(series: MetricSeries, statistic: Statistic, w: number): Windows {
  const { sum, detail } = series;
  const n = sum.length;
  const value = new Float64Array(n);
  const samples = new Float64Array(n);
  const values = detail?.sampleValue ?? sum;
  const start = (i: number) => (detail === undefined ? i : (detail.sampleStart[i] as number));
  const end = (i: number) => {
    if (detail !== undefined) return detail.sampleStart[i + 1] as number;
    return Number.isNaN(sum[i] as number) ? i : i + 1;
  };
  const weight = (s: number) => (detail === undefined ? 1 : (detail.sampleWeight[s] as number));
  let window = { values: new Float64Array(64), weights: new Float64Array(64) };
  let spare = { values: new Float64Array(64), weights: new Float64Array(64) };
  let size = 0;
  for (let i = 0; i < n; i++) {
    const needed = size + end(i) - start(i);
    if (spare.values.length < needed) {
      spare = { values: new Float64Array(2 * needed), weights: new Float64Array(2 * needed) };
    }
    let gone = i >= w ? start(i - w) : 0;
    const goneEnd = i >= w ? end(i - w) : 0;
    let came = start(i);
    const cameEnd = end(i);
    let out = 0;
    for (let s = 0; s <= size; s++) {
      const v = s < size ? (window.values[s] as number) : Infinity;
      const q = s < size ? (window.weights[s] as number) : Infinity;
      if (s < size && gone < goneEnd && values[gone] === v && weight(gone) === q) {
        gone++;
        continue;
      }
      while (came < cameEnd) {
        const next = values[came] as number;
        if (next > v || (next === v && weight(came) > q)) break;
        spare.values[out] = next;
        spare.weights[out++] = weight(came++);
      }
      if (s < size) {
        spare.values[out] = v;
        spare.weights[out++] = q;
      }
    }
    const old = window;
    window = spare;
    spare = old;
    size = out;
    let total = 0;
    for (let s = 0; s < size; s++) total += window.weights[s] as number;
    samples[i] = total;
    value[i] = overSamples(statistic, window.values, window.weights, size);
  }
  return { value, samples };
}
