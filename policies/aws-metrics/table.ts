/** A metric an AWS service publishes by itself. */
export interface AwsMetric {
  readonly name: string;
  /** Every set of dimensions it is published with; CloudWatch matches a set exactly. */
  readonly dimensionSets: readonly (readonly string[])[];
  readonly unit: "Count" | "Milliseconds" | "Seconds" | "Bytes" | "Percent" | "None";
  /** The shortest period that holds data, seconds. */
  readonly shortestPeriodSeconds: number;
  /** The largest value one sample can have: 1 for indicators of one request's outcome. */
  readonly largestSample?: number;
  /** True when nothing is published while nothing happens, so that no datapoint is ever 0. */
  readonly silentWhenIdle?: boolean;
}

/** The metrics of one AWS namespace, as of a date. */
export interface AwsNamespace {
  readonly namespace: string;
  /** The day the table was compared with its source, ISO 8601. */
  readonly checked: string;
  /** The AWS document it was compared with. */
  readonly source: string;
  /** True when the list may be incomplete: what is not in it is then undecided instead of wrong. */
  readonly toBeVerified: boolean;
  /** The one region that receives these metrics; absent for regional services. */
  readonly onlyRegion?: string;
  readonly metrics: readonly AwsMetric[];
}

type Extras = Partial<Omit<AwsMetric, "name" | "dimensionSets">>;

/** Metrics that share dimension sets; one minute and `Count` unless told otherwise. */
export function metricsWith(
  dimensionSets: AwsMetric["dimensionSets"],
  names: readonly string[],
  extras: Extras = {},
): readonly AwsMetric[] {
  return names.map((name) => ({
    name,
    dimensionSets,
    unit: "Count",
    shortestPeriodSeconds: 60,
    ...extras,
  }));
}
