import { denseSeries, type MetricSeries } from "../../cloudwatch";

/** Slots are minutes: the resolution at which AWS stores standard metrics. */
export const SLOT_MS = 60_000;
/** A slot in seconds. */
export const SLOT_SECONDS = 60;
/** The day every rehearsal starts at: Monday, 5 January 2026, 00:00 UTC. No clock is read. */
export const EPOCH_MS = Date.UTC(2026, 0, 5);

/** One metric minute by minute: equal samples of `value`, `count` of them; NaN where nothing was reported. */
export interface Track {
  readonly value: Float64Array;
  /** Absent while every slot holds at most one sample. */
  readonly count: Float64Array | undefined;
}

/** A track from values and counts; without counts when no slot holds more than one sample, which is cheaper to evaluate. */
export function trackWith(value: Float64Array, count: Float64Array): Track {
  let many = false;
  for (let i = 0; i < count.length; i++) {
    const weight = count[i] as number;
    if (weight === 0) value[i] = Number.NaN;
    else if (weight !== 1 && !Number.isNaN(value[i] as number)) many = true;
  }
  return { value, count: many ? count : undefined };
}

/** An independent copy. */
export function copyOf(track: Track): Track {
  return { value: track.value.slice(), count: track.count?.slice() };
}

/** A number from -1 to 1 that depends on text and slot only. */
export function noise(seed: number, slot: number): number {
  let h = (seed ^ Math.imul(slot + 1, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x7fffffff - 1;
}

/** The seed of a text (FNV-1a). */
export function seedOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** The track as the evaluator reads it. */
export function seriesOf({ value, count }: Track, startMs: number): MetricSeries {
  if (count === undefined) return denseSeries(startMs, SLOT_MS, value);
  const length = value.length;
  const sum = new Float64Array(length).fill(Number.NaN);
  const counts = new Float64Array(length);
  const min = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
  const sampleStart = new Uint32Array(length + 1);
  let reported = 0;
  for (let i = 0; i < length; i++) {
    const one = value[i] as number;
    const weight = count[i] as number;
    if (!Number.isNaN(one) && weight > 0) {
      sum[i] = one * weight;
      counts[i] = weight;
      min[i] = one;
      max[i] = one;
      reported++;
    }
    sampleStart[i + 1] = reported;
  }
  const sampleValue = new Float64Array(reported);
  const sampleWeight = new Float64Array(reported);
  for (let i = 0; i < length; i++) {
    const at = sampleStart[i] as number;
    if (sampleStart[i + 1] === at) continue;
    sampleValue[at] = value[i] as number;
    sampleWeight[at] = count[i] as number;
  }
  const detail = { count: counts, min, max, sampleStart, sampleValue, sampleWeight, opaqueSlot: -1 };
  return { kind: "series", startMs, slotMs: SLOT_MS, sum, detail };
}
