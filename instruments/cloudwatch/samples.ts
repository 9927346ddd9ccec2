/** Statistics over raw samples. Source: user guide, "CloudWatch statistics definitions"; ranks are nearest-rank. */
import type { Bounds, Statistic } from "./statistic";

/** Absorbs rounding in "percent of the samples": 10 % of 30 is 3, not 3.0000000000000004. */
const SLACK = 1e-9;

/**
 * The statistic over `n` samples sorted by value, each with a weight (how often it occurred). NaN when the answer has
 * no value: no samples, or a trimmed mean whose bounds hold none.
 */
export function overSamples(
  statistic: Statistic,
  values: Float64Array,
  weights: Float64Array,
  n: number,
): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    total += weights[i] as number;
    sum += (values[i] as number) * (weights[i] as number);
  }
  if (total === 0) return Number.NaN;
  switch (statistic.kind) {
    case "SampleCount":
      return total;
    case "Sum":
      return sum;
    case "Average":
      return sum / total;
    case "Minimum":
      return values[0] as number;
    case "Maximum":
      return values[n - 1] as number;
    case "percentile":
      return atRank(values, weights, n, Math.ceil((statistic.rank * total) / 100 - SLACK));
    case "rank":
      return (100 * within(statistic.bounds, values, weights, n, total)[0]) / total;
    case "winsorized":
      return winsorized(statistic.bounds, values, weights, n, total);
    case "trimmed": {
      const [count, kept] = within(statistic.bounds, values, weights, n, total);
      if (statistic.measure === "count") return count;
      if (statistic.measure === "sum") return kept;
      return count === 0 ? Number.NaN : kept / count;
    }
  }
}

/** The value of the sample at this 1-based rank, ranks below 1 giving the smallest. */
function atRank(values: Float64Array, weights: Float64Array, n: number, rank: number): number {
  let seen = 0;
  for (let i = 0; i < n; i++) {
    seen += weights[i] as number;
    if (seen + SLACK >= rank) return values[i] as number;
  }
  return values[n - 1] as number;
}

/** Ranks (low, high] that percentage bounds keep: whole samples, never none. */
function ranks(bounds: Bounds, total: number): [number, number] {
  const low = Math.floor(((bounds.low ?? 0) * total) / 100 + SLACK);
  const high = Math.ceil(((bounds.high ?? 100) * total) / 100 - SLACK);
  return [low, Math.min(total, Math.max(high, low + 1))];
}

/** Weight and weighted sum of the samples inside the bounds. */
function within(
  bounds: Bounds,
  values: Float64Array,
  weights: Float64Array,
  n: number,
  total: number,
): [number, number] {
  const [low, high] = ranks(bounds, total);
  let count = 0;
  let sum = 0;
  let seen = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    const weight = weights[i] as number;
    let kept = weight;
    if (bounds.unit === "percent") kept = Math.max(0, Math.min(high, seen + weight) - Math.max(low, seen));
    else if (value <= (bounds.low ?? -Infinity) || value > (bounds.high ?? Infinity)) kept = 0;
    seen += weight;
    count += kept;
    sum += kept * value;
  }
  return [count, sum];
}

function winsorized(
  bounds: Bounds,
  values: Float64Array,
  weights: Float64Array,
  n: number,
  total: number,
): number {
  let low = bounds.low ?? -Infinity;
  let high = bounds.high ?? Infinity;
  if (bounds.unit === "percent") {
    const kept = ranks(bounds, total);
    low = atRank(values, weights, n, kept[0] + 1);
    high = atRank(values, weights, n, kept[1]);
  }
  let sum = 0;
  for (let i = 0; i < n; i++)
    sum += (weights[i] as number) * Math.min(high, Math.max(low, values[i] as number));
  return sum / total;
}
