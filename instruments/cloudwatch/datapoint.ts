/**
 * Datapoints as PutMetricData takes them, and the way into a {@link MetricSeries}. What CloudWatch merges is merged
 * (several data of one timestamp, any order of arrival); what it rejects is refused with index and timestamp.
 */
import { alignDown, MINUTE_MS } from "./period";
import { MAX_SLOTS, type MetricSeries } from "./series";

/** A pre-aggregated set; the raw values behind it are unknown unless min equals max. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** One datum: a value, a statistic set, or values each with how often it occurred. `timestamp` is epoch ms. */
export type Datapoint =
  | { readonly timestamp: number; readonly value: number }
  | { readonly timestamp: number; readonly statisticSet: StatisticSet }
  | { readonly timestamp: number; readonly values: readonly number[]; readonly counts?: readonly number[] };

/** Why a datum was refused, and which. */
export interface SeriesError {
  readonly kind: "series-error";
  readonly type:
    | "timestamp"
    | "not-finite"
    | "out-of-range"
    | "counts"
    | "statistic-set"
    | "shape"
    | "too-long";
  /** Place in the input, 0-based. */
  readonly index: number;
  /** The datum's timestamp as given. */
  readonly timestamp: number;
  readonly message: string;
}

/** CloudWatch takes values from -2^360 to 2^360 (API reference, MetricDatum). */
const VALUE_LIMIT = 2 ** 360;

interface Row {
  readonly timestamp: number;
  readonly set: StatisticSet;
  /** Value and weight pairs; empty when the raw values are unknown. */
  readonly samples: readonly (readonly [number, number])[];
}

/**
 * Ingests data of one metric. `slotMs` is the storage resolution, 60,000 by default. Returns a {@link SeriesError}
 * (never throws) for NaN, infinities, values beyond 2^360, bad timestamps, counts or statistic sets, unknown shapes, and
 * spans over {@link MAX_SLOTS} slots. Source: API reference, PutMetricData and MetricDatum.
 */
export function seriesFrom(
  datapoints: readonly Datapoint[],
  slotMs: number = MINUTE_MS,
): MetricSeries | SeriesError {
  const rows: Row[] = [];
  let first = Infinity;
  let last = -Infinity;
  for (let index = 0; index < datapoints.length; index++) {
    const row = readRow(datapoints[index] as Datapoint, index);
    if ("kind" in row) return row;
    first = Math.min(first, row.timestamp);
    last = Math.max(last, row.timestamp);
    if ((last - first) / slotMs >= MAX_SLOTS) {
      return fault("too-long", index, row.timestamp, `the series spans more than ${MAX_SLOTS} slots`);
    }
    rows.push(row);
  }
  const startMs = rows.length === 0 ? 0 : alignDown(first, slotMs);
  const length = rows.length === 0 ? 0 : (alignDown(last, slotMs) - startMs) / slotMs + 1;
  return build(rows, startMs, slotMs, length);
}

function fault(type: SeriesError["type"], index: number, timestamp: number, what: string): SeriesError {
  return {
    kind: "series-error",
    type,
    index,
    timestamp,
    message: `datapoint ${index} (timestamp ${timestamp}): ${what}`,
  };
}

function readRow(datum: Datapoint, index: number): Row | SeriesError {
  if (typeof datum !== "object" || datum === null) {
    return fault("shape", index, Number.NaN, "is not an object");
  }
  const { timestamp } = datum;
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
    return fault("timestamp", index, timestamp, "the timestamp is not a whole number of ms since the epoch");
  }
  const bad = (type: SeriesError["type"], what: string) => fault(type, index, timestamp, what);
  if ("value" in datum) {
    const wrong = refused(datum.value);
    if (wrong !== undefined) return bad(wrong, `value ${String(datum.value)} is not accepted by CloudWatch`);
    return { timestamp, set: setOf([[datum.value, 1]]), samples: [[datum.value, 1]] };
  }
  if ("values" in datum) return readValues(datum.values, datum.counts, timestamp, bad);
  if (!("statisticSet" in datum) || typeof datum.statisticSet !== "object" || datum.statisticSet === null) {
    return bad("shape", "has none of value, values and statisticSet");
  }
  const set = datum.statisticSet;
  for (const key of ["sampleCount", "sum", "minimum", "maximum"] as const) {
    const wrong = refused(set[key]);
    if (wrong !== undefined) return bad(wrong, `${key} ${String(set[key])} is not accepted by CloudWatch`);
  }
  if (set.sampleCount <= 0) return bad("statistic-set", `sampleCount ${set.sampleCount} is not above 0`);
  if (set.minimum > set.maximum) {
    return bad("statistic-set", `minimum ${set.minimum} is above maximum ${set.maximum}`);
  }
  const uniform = set.minimum === set.maximum && set.sum === set.minimum * set.sampleCount;
  return { timestamp, set, samples: uniform ? [[set.minimum, set.sampleCount]] : [] };
}

function readValues(
  values: readonly number[],
  counts: readonly number[] | undefined,
  timestamp: number,
  bad: (type: SeriesError["type"], what: string) => SeriesError,
): Row | SeriesError {
  if (!Array.isArray(values) || values.length === 0) return bad("shape", "values is not a list with entries");
  if (counts !== undefined && counts.length !== values.length) {
    return bad("counts", `${values.length} values but ${counts.length} counts`);
  }
  const samples: [number, number][] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const wrong = refused(value);
    if (wrong !== undefined) return bad(wrong, `values[${i}] ${String(value)} is not accepted by CloudWatch`);
    const count = counts === undefined ? 1 : (counts[i] as number);
    if (refused(count) !== undefined || count <= 0)
      return bad("counts", `counts[${i}] ${count} is not above 0`);
    samples.push([value, count]);
  }
  return { timestamp, set: setOf(samples), samples };
}

function refused(value: unknown): "not-finite" | "out-of-range" | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return "not-finite";
  return Math.abs(value) > VALUE_LIMIT ? "out-of-range" : undefined;
}

function setOf(samples: readonly (readonly [number, number])[]): StatisticSet {
  let sampleCount = 0;
  let sum = 0;
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const [value, count] of samples) {
    sampleCount += count;
    sum += value * count;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return { sampleCount, sum, minimum, maximum };
}

function build(rows: Row[], startMs: number, slotMs: number, length: number): MetricSeries {
  const slotOf = (row: Row) => Math.floor((row.timestamp - startMs) / slotMs);
  const sum = new Float64Array(length).fill(Number.NaN);
  const count = new Float64Array(length);
  const min = new Float64Array(length).fill(Infinity);
  const max = new Float64Array(length).fill(-Infinity);
  const perSlot = new Map<number, (readonly [number, number])[]>();
  let single = true;
  let opaqueSlot = -1;
  for (const row of rows) {
    const slot = slotOf(row);
    single = single && Number.isNaN(sum[slot] as number) && row.set.sampleCount === 1;
    sum[slot] = (Number.isNaN(sum[slot] as number) ? 0 : (sum[slot] as number)) + row.set.sum;
    count[slot] = (count[slot] as number) + row.set.sampleCount;
    min[slot] = Math.min(min[slot] as number, row.set.minimum);
    max[slot] = Math.max(max[slot] as number, row.set.maximum);
    if (row.samples.length === 0) {
      single = false;
      opaqueSlot = opaqueSlot < 0 ? slot : Math.min(opaqueSlot, slot);
    }
    const known = perSlot.get(slot);
    if (known === undefined) perSlot.set(slot, [...row.samples]);
    else for (const sample of row.samples) known.push(sample);
  }
  if (single) return { kind: "series", startMs, slotMs, sum, detail: undefined };
  const sampleStart = new Uint32Array(length + 1);
  const values: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < length; i++) {
    const own = (perSlot.get(i) ?? []).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const [value, weight] of own) {
      values.push(value);
      weights.push(weight);
    }
    sampleStart[i + 1] = values.length;
  }
  const detail = {
    count,
    min,
    max,
    sampleStart,
    sampleValue: Float64Array.from(values),
    sampleWeight: Float64Array.from(weights),
    opaqueSlot,
  };
  return { kind: "series", startMs, slotMs, sum, detail };
}
