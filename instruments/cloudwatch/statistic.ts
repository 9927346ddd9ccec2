/**
 * CloudWatch statistics by name, and what each computes over one period's samples. Source: user guide, "CloudWatch
 * statistics definitions". CloudWatch publishes no interpolation; ranks here are nearest-rank, which fits the guide's
 * "p99 is the largest of the remaining 99 %".
 */
import { type CouldNotEvaluate, couldNotEvaluate } from "./outcome";

/** Two edges: percent of the ordered samples, or values (low excluded, high included). A missing edge is open. */
export interface Bounds {
  readonly unit: "percent" | "value";
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** A parsed statistic. `percentile.rank` is 0 to 100. */
export type Statistic =
  | { readonly kind: "SampleCount" | "Sum" | "Average" | "Minimum" | "Maximum" }
  | { readonly kind: "percentile"; readonly rank: number }
  | { readonly kind: "trimmed"; readonly measure: "mean" | "count" | "sum"; readonly bounds: Bounds }
  | { readonly kind: "winsorized"; readonly bounds: Bounds }
  | { readonly kind: "rank"; readonly bounds: Bounds };

const SIMPLE = ["SampleCount", "Sum", "Average", "Minimum", "Maximum"] as const;
const MEASURES = { tm: "mean", tc: "count", ts: "sum" } as const;
const NUMBER = String.raw`\d+(?:\.\d{1,10})?`;
const ONE = new RegExp(`^(p|tm|tc|ts|wm)(${NUMBER})$`);
const TWO = new RegExp(`^(TM|TC|TS|WM|PR)\\((${NUMBER})?(%)?:(${NUMBER})?(%)?\\)$`);

/**
 * Reads a statistic as Terraform writes it (`statistic` or `extended_statistic`): Sum, p99.9, tm90, TM(10%:90%),
 * PR(:300), IQM and so on. Anything else is refused by name.
 */
export function parseStatistic(name: string): Statistic | CouldNotEvaluate {
  const simple = SIMPLE.find((kind) => kind === name);
  if (simple !== undefined) return { kind: simple };
  if (name === "IQM")
    return { kind: "trimmed", measure: "mean", bounds: { unit: "percent", low: 25, high: 75 } };
  const one = ONE.exec(name);
  if (one !== null) {
    const rank = Number(one[2]);
    if (rank > 100) return couldNotEvaluate(name, `the percentage ${rank} is above 100`);
    if (one[1] === "p") return { kind: "percentile", rank };
    return bounded(one[1] as string, { unit: "percent", low: undefined, high: rank });
  }
  const two = TWO.exec(name);
  if (two === null) return couldNotEvaluate(name, "is not a statistic CloudWatch documents");
  const low = two[2] === undefined ? undefined : Number(two[2]);
  const high = two[4] === undefined ? undefined : Number(two[4]);
  const percents = [
    low === undefined ? undefined : two[3] === "%",
    high === undefined ? undefined : two[5] === "%",
  ];
  const given = percents.filter((percent) => percent !== undefined);
  const stray = (low === undefined && two[3] !== undefined) || (high === undefined && two[5] !== undefined);
  if (given.length === 0 || stray || given.some((percent) => percent !== given[0])) {
    return couldNotEvaluate(name, "needs one or two bounds, both percentages or both values");
  }
  if (low !== undefined && high !== undefined && low >= high) {
    return couldNotEvaluate(name, `the lower bound ${low} is not below the upper bound ${high}`);
  }
  const unit = given[0] === true ? "percent" : "value";
  if (unit === "percent" && Math.max(low ?? 0, high ?? 0) > 100) {
    return couldNotEvaluate(name, "a percentage is above 100");
  }
  const family = (two[1] as string).toLowerCase();
  if (family === "pr" && unit === "percent")
    return couldNotEvaluate(name, "PR takes values, not percentages");
  return bounded(family, { unit, low, high });
}

function bounded(family: string, bounds: Bounds): Statistic {
  if (family === "pr") return { kind: "rank", bounds };
  if (family === "wm") return { kind: "winsorized", bounds };
  return { kind: "trimmed", measure: MEASURES[family as keyof typeof MEASURES], bounds };
}

/** True when the statistic needs raw values: every one but the five simple ones (guide, "Requirements to use percentiles"). */
export function needsSamples(statistic: Statistic): boolean {
  return !SIMPLE.some((kind) => kind === statistic.kind);
}

/**
 * Fewest samples a percentile needs to mean something: 10 / (1 - p) from p50 up, 10 / p below; 0 (no minimum) at p0 and
 * p100 and for every other statistic (user guide, "Percentile-based alarms and low data samples").
 */
export function samplesWanted(statistic: Statistic): number {
  if (statistic.kind !== "percentile" || statistic.rank === 0 || statistic.rank === 100) return 0;
  const share = statistic.rank >= 50 ? 100 - statistic.rank : statistic.rank;
  return 1_000 / share;
}
