import { MathFault } from "./fault";

/** A number on its own; NaN when it has no value (the average of nothing). */
export interface Scalar {
  readonly kind: "scalar";
  readonly value: number;
}

/** A time series on the frame's timestamps; NaN where it has no datapoint. `metricId` marks an untouched metric. */
export interface Series {
  readonly kind: "series";
  readonly values: Float64Array;
  readonly metricId?: string;
}

/** TS[] in the guide: several series. */
export interface SeriesList {
  readonly kind: "list";
  readonly items: readonly Series[];
}

/** What an expression can be worth (guide: S, TS and TS[]). */
export type Value = Scalar | Series | SeriesList;

/** How a binary operator treats a timestamp only one of its two series has. */
export type MissingOperand = "zero" | "drop";

/** Timestamps all series of one evaluation share, evenly spaced, and the metrics on them. */
export interface Frame {
  readonly length: number;
  /** Distance between timestamps, which is also the period of every metric, in seconds. */
  readonly periodSeconds: number;
  /** Values by metric id, NaN where there is no datapoint. */
  readonly metrics: ReadonlyMap<string, Float64Array>;
  readonly missingOperand: MissingOperand;
  /** Set when a function looked along time, so that the answer depends on how much of the series it was shown. */
  looksAlongTime: boolean;
}

/** A scalar value. */
export const scalar = (value: number): Scalar => ({ kind: "scalar", value });

/** A derived series. */
export const series = (values: Float64Array): Series => ({ kind: "series", values });

/** Infinities and NaN are no datapoint: CloudWatch drops what cannot be computed (division by zero). */
export const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);

/** The guide's letter for a type, for messages. */
export function typeName(value: Value): string {
  if (value.kind === "scalar") return "a number";
  return value.kind === "series" ? "a time series" : "an array of time series";
}

/** Applies `each` to a series or to every series of a list; anything else is a fault of function `name`. */
export function mapSeries(value: Value, name: string, column: number, each: (one: Series) => Series): Value {
  if (value.kind === "series") return each(value);
  if (value.kind === "list") return { kind: "list", items: value.items.map(each) };
  throw new MathFault(name, "takes a time series or an array of them, not a number", column);
}
