/** One metric as an alarm reads it: its statistic over every sliding period. */
import { type CouldNotEvaluate, isCouldNotEvaluate } from "./outcome";
import { type Grid, type MetricSeries, onGrid } from "./series";
import { parseStatistic } from "./statistic";
import { windows } from "./window";

/** A metric's identity. CloudWatch matches dimensions exactly: one more or fewer is another metric. */
export interface MetricRef {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Series by {@link metricKey}. A metric that is not in it was never reported: all of it is missing. */
export type MetricData = ReadonlyMap<string, MetricSeries>;

/** The key of a metric in {@link MetricData}; equal for equal namespace, name and dimensions in any order. */
export function metricKey(ref: MetricRef): string {
  const dimensions = Object.keys(ref.dimensions)
    .sort()
    .map((key) => [key, ref.dimensions[key]]);
  return JSON.stringify([ref.namespace, ref.name, dimensions]);
}

/** How the periods lie on the slots. */
export interface Layout {
  readonly grid: Grid;
  /** Slots in a period. */
  readonly stride: number;
  /** Slots whose data has not arrived when they end. */
  readonly lagSlots: number;
  /** Datapoints in the evaluation range. */
  readonly range: number;
  readonly periodSeconds: number;
}

/** A statistic of one metric, by slot: of the complete period ending there, and of the one still arriving. */
export interface Values {
  readonly full: Float64Array;
  readonly partial: Float64Array | undefined;
  readonly samples: Float64Array | undefined;
  readonly partialSamples: Float64Array | undefined;
}

/** Computes {@link Values}; refuses an unknown statistic, and one the metric's data cannot give. */
export function metricValues(
  metric: MetricRef,
  name: string,
  data: MetricData,
  layout: Layout,
): Values | CouldNotEvaluate {
  const statistic = parseStatistic(name);
  if (isCouldNotEvaluate(statistic)) return statistic;
  const series = onGrid(data.get(metricKey(metric)), layout.grid);
  const full = windows(series, statistic, name, layout.stride);
  if (isCouldNotEvaluate(full)) return full;
  const late = layout.lagSlots % layout.stride;
  if (late === 0)
    return { full: full.value, samples: full.samples, partial: undefined, partialSamples: undefined };
  const part = windows(series, statistic, name, layout.stride - late);
  if (isCouldNotEvaluate(part)) return part;
  return {
    full: full.value,
    samples: full.samples,
    partial: delayed(part.value, layout.lagSlots),
    partialSamples: part.samples === undefined ? undefined : delayed(part.samples, layout.lagSlots),
  };
}

/** The same values `slots` later; NaN before. */
function delayed(values: Float64Array, slots: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  out.set(values.subarray(0, Math.max(0, values.length - slots)), Math.min(slots, values.length));
  return out;
}
