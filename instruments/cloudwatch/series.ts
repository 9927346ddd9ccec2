/**
 * One metric over time, compact enough for 500 of them at 30 days of minutes: one number a slot while every slot holds
 * a single sample, statistic sets and raw samples only where the data needs them.
 */

/** Statistic sets per slot and the raw samples behind them (compressed rows, sorted by value then weight). */
export interface SeriesDetail {
  readonly count: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Samples of slot i are at [sampleStart[i], sampleStart[i + 1]). */
  readonly sampleStart: Uint32Array;
  readonly sampleValue: Float64Array;
  readonly sampleWeight: Float64Array;
  /** First slot with a statistic set whose raw values are unknown, or -1. Percentiles need raw values. */
  readonly opaqueSlot: number;
}

/** A metric on a grid of slots; slot i covers [startMs + i * slotMs, startMs + (i + 1) * slotMs). */
export interface MetricSeries {
  readonly kind: "series";
  /** Epoch ms, a multiple of slotMs. */
  readonly startMs: number;
  /** Slot length in ms: 60,000 for standard resolution, 10,000 for high resolution. */
  readonly slotMs: number;
  /** Sum of each slot; NaN where nothing was reported. */
  readonly sum: Float64Array;
  /** Absent while every reported slot holds exactly one sample, its sum. */
  readonly detail: SeriesDetail | undefined;
}

/** Where a window of slots lies: `length` slots of `slotMs` from `startMs` (epoch ms). */
export interface Grid {
  readonly startMs: number;
  readonly slotMs: number;
  readonly length: number;
}

/** Most slots one series or evaluation may have: over seven years of minutes. */
export const MAX_SLOTS = 4_000_000;

/**
 * A series that holds one sample a slot. `values[i]` is slot i, NaN means nothing was reported; the array is used, not
 * copied. Throws RangeError when startMs is off the grid or a value is infinite: a mistake in code, not in data.
 */
export function denseSeries(startMs: number, slotMs: number, values: Float64Array): MetricSeries {
  if (!Number.isSafeInteger(startMs) || startMs % slotMs !== 0) {
    throw new RangeError(`startMs ${startMs} is not a multiple of the slot, ${slotMs} ms`);
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value === Infinity || value === -Infinity) {
      throw new RangeError(`values[${i}] is ${value}: CloudWatch rejects infinities`);
    }
  }
  return { kind: "series", startMs, slotMs, sum: values, detail: undefined };
}

/** The samples (value and weight) of slots [from, to) as plain sorted arrays; for a coarser grid. */
function samplesOf(series: MetricSeries, from: number, to: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = from; i < to; i++) {
    const { detail } = series;
    if (detail === undefined) {
      const value = series.sum[i] as number;
      if (!Number.isNaN(value)) pairs.push([value, 1]);
      continue;
    }
    for (let s = detail.sampleStart[i] as number; s < (detail.sampleStart[i + 1] as number); s++) {
      pairs.push([detail.sampleValue[s] as number, detail.sampleWeight[s] as number]);
    }
  }
  return pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/**
 * The series seen on another grid. A finer grid puts each slot's data at its first instant (a one-minute metric read
 * every ten seconds answers once in six: user guide, "High-resolution alarms"); a coarser one merges. Slots outside the
 * series are empty.
 */
export function onGrid(series: MetricSeries | undefined, grid: Grid): MetricSeries {
  const sum = new Float64Array(grid.length).fill(Number.NaN);
  const empty: MetricSeries = {
    kind: "series",
    startMs: grid.startMs,
    slotMs: grid.slotMs,
    sum,
    detail: undefined,
  };
  if (series === undefined) return empty;
  const offset = (series.startMs - grid.startMs) / grid.slotMs;
  if (series.slotMs !== grid.slotMs || !Number.isInteger(offset)) return regrid(series, grid, sum);
  const from = Math.max(0, -offset);
  const to = Math.min(series.sum.length, grid.length - offset);
  if (to <= from) return empty;
  sum.set(series.sum.subarray(from, to), from + offset);
  const { detail } = series;
  return detail === undefined
    ? empty
    : { ...empty, detail: shifted(detail, { from, to, offset }, grid.length) };
}

/** The detail of slots [from, to), moved by `offset` to a grid of the same slots. */
function shifted(
  detail: SeriesDetail,
  { from, to, offset }: { readonly from: number; readonly to: number; readonly offset: number },
  length: number,
): SeriesDetail {
  const moved = (values: Float64Array, empty: number) => {
    const out = new Float64Array(length).fill(empty);
    out.set(values.subarray(from, to), from + offset);
    return out;
  };
  const first = detail.sampleStart[from] as number;
  const last = detail.sampleStart[to] as number;
  const sampleStart = new Uint32Array(length + 1).fill(last - first, to + offset);
  for (let i = from; i < to; i++) sampleStart[i + offset] = (detail.sampleStart[i] as number) - first;
  const sampleWeight = detail.sampleWeight.subarray(first, last);
  const opaque = (i: number) => {
    let known = 0;
    const end = detail.sampleStart[i + 1] as number;
    for (let s = detail.sampleStart[i] as number; s < end; s++) known += detail.sampleWeight[s] as number;
    return known < (detail.count[i] as number);
  };
  let opaqueSlot = detail.opaqueSlot < 0 ? to : Math.max(from, detail.opaqueSlot);
  while (opaqueSlot < to && !opaque(opaqueSlot)) opaqueSlot++;
  return {
    count: moved(detail.count, 0),
    min: moved(detail.min, Infinity),
    max: moved(detail.max, -Infinity),
    sampleStart,
    sampleValue: detail.sampleValue.subarray(first, last),
    sampleWeight,
    opaqueSlot: opaqueSlot < to ? opaqueSlot + offset : -1,
  };
}

function regrid(series: MetricSeries, grid: Grid, sum: Float64Array): MetricSeries {
  const { detail } = series;
  const count = new Float64Array(grid.length);
  const min = new Float64Array(grid.length).fill(Infinity);
  const max = new Float64Array(grid.length).fill(-Infinity);
  const sampleStart = new Uint32Array(grid.length + 1);
  const pairs: [number, number][] = [];
  let opaqueSlot = -1;
  let source = 0;
  for (let i = 0; i < grid.length; i++) {
    const slotStart = grid.startMs + i * grid.slotMs;
    const slotEnd = slotStart + grid.slotMs;
    while (source < series.sum.length && series.startMs + source * series.slotMs < slotStart) source++;
    const from = source;
    while (source < series.sum.length && series.startMs + source * series.slotMs < slotEnd) {
      const value = series.sum[source] as number;
      if (!Number.isNaN(value)) {
        sum[i] = (Number.isNaN(sum[i] as number) ? 0 : (sum[i] as number)) + value;
        count[i] = (count[i] as number) + (detail === undefined ? 1 : (detail.count[source] as number));
        min[i] = Math.min(min[i] as number, detail === undefined ? value : (detail.min[source] as number));
        max[i] = Math.max(max[i] as number, detail === undefined ? value : (detail.max[source] as number));
      }
      source++;
    }
    const own = samplesOf(series, from, source);
    if (opaqueSlot < 0 && (count[i] as number) > 0) {
      const known = own.reduce((total, pair) => total + pair[1], 0);
      if (known < (count[i] as number)) opaqueSlot = i;
    }
    for (const pair of own) pairs.push(pair);
    sampleStart[i + 1] = pairs.length;
  }
  const sampleValue = Float64Array.from(pairs, (pair) => pair[0]);
  const sampleWeight = Float64Array.from(pairs, (pair) => pair[1]);
  return {
    kind: "series",
    startMs: grid.startMs,
    slotMs: grid.slotMs,
    sum,
    detail: { count, min, max, sampleStart, sampleValue, sampleWeight, opaqueSlot },
  };
}
