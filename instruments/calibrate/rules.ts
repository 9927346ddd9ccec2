import type { MetricAlarm } from "../cloudwatch";
import type { Observed } from "./observed";

/** The shortest baseline, days: every weekday and the weekend once. */
export const MIN_DAYS = 7;
/** The least share of the alarm's periods that have data; gaps hide what happened in them. */
export const MIN_SHARE = 0.95;
/** Latency: this many times the p95 of the baseline (ALM-5). */
export const LATENCY_FACTOR = 2;
/** Latency: percentile of the alarm's datapoints (ALM-5). */
export const LATENCY_PERCENT = 95;
/** Counts and ratios: percentile of the alarm's datapoints. */
export const LEVEL_PERCENT = 99.9;
/** The largest share of what bounds a metric, such as a timeout, that a threshold may be. */
export const BOUND_SHARE = 0.9;

/** A threshold and the sentence that explains it. */
export interface Proposed {
  readonly threshold: number;
  readonly why: string;
}

/** The value at a percentile (0 to 100) by nearest rank; NaN without values. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = Math.ceil((percent / 100) * sorted.length - 1e-9);
  return sorted[Math.max(0, rank - 1)] ?? Number.NaN;
}

/** The next number of two significant digits that is not below; whole numbers up to 100 stay as they are. */
export function roundedUp(value: number): number {
  if (value === 0 || (Number.isInteger(value) && Math.abs(value) <= 100)) return value;
  const exponent = Math.floor(Math.log10(Math.abs(value))) - 1;
  const digits = Math.ceil(Number((value / 10 ** exponent).toPrecision(12)));
  return Number(`${digits}e${exponent}`);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Why a baseline is too little for an alarm, in amounts; `undefined` when it suffices. */
export function tooLittle(alarm: MetricAlarm, seen: Observed): string | undefined {
  const periods = Math.max((MIN_DAYS * 86_400) / alarm.periodSeconds, seen.periods);
  const wanted = Math.ceil(MIN_SHARE * periods);
  if (seen.values.length >= wanted && seen.days >= MIN_DAYS) return undefined;
  const days = Math.floor(seen.days * 10) / 10;
  return `${seen.values.length} of at least ${wanted} datapoints, ${days} of at least ${MIN_DAYS} days`;
}

/**
 * A latency threshold: twice the p95 of the baseline (ALM-5), at most 0.9 of what bounds the metric.
 *
 * @param bound in the unit of the metric; absent when nothing is known to bound it
 */
export function latencyThreshold(
  values: readonly number[],
  bound: { readonly value: number; readonly why: string } | undefined,
): Proposed {
  const p95 = percentile(values, LATENCY_PERCENT);
  const wanted = roundedUp(LATENCY_FACTOR * p95);
  const why = `${LATENCY_FACTOR} x p${LATENCY_PERCENT} of the baseline, ${short(p95)} (ALM-5)`;
  const most = bound === undefined ? Number.POSITIVE_INFINITY : BOUND_SHARE * bound.value;
  if (wanted <= most) return { threshold: wanted, why };
  return { threshold: most, why: `${why}, capped to ${BOUND_SHARE} x ${bound?.value}: ${bound?.why}` };
}

/**
 * A threshold for a count or ratio: the p99.9 of the baseline, rounded up, above it where the comparison includes equal.
 * Never below the old one: a quiet baseline is no reason to page for less.
 */
export function levelThreshold(alarm: MetricAlarm, values: readonly number[]): Proposed {
  const high = percentile(values, LEVEL_PERCENT);
  const said = `p${LEVEL_PERCENT} of the baseline is ${short(high)}`;
  const includes = alarm.comparison === "GreaterThanOrEqualToThreshold";
  if (includes ? high < alarm.threshold : high <= alarm.threshold)
    return {
      threshold: alarm.threshold,
      why: `${said}, which does not breach: a quiet baseline lowers nothing`,
    };
  const next = roundedUp(high);
  const whole = Number.isInteger(high) && Number.isInteger(alarm.threshold);
  const threshold = includes && next <= high ? (whole ? high + 1 : roundedUp(high * 1.01)) : next;
  return { threshold, why: `${said}, rounded up` };
}
