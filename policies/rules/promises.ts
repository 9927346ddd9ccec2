import type { DimensionKey, MetricName } from "../../contract/metrics";

/** What a bundle emits: metric names and failure paths, each sorted and without repetition. */
export interface Emissions {
  readonly metrics: readonly string[];
  readonly failurePaths: readonly string[];
}

/** A custom metric the application promises. */
export interface PromisedMetric {
  readonly name: MetricName;
  readonly namespace: string;
  readonly dimensionSets: readonly (readonly DimensionKey[])[];
  /** Lambda function names of its emitters. */
  readonly emitters: readonly string[];
  readonly alarmedThrough: MetricName | undefined;
  /** True when the runtime emits it for every recorded silent failure, so that no function names it. */
  readonly recordedWithFailures: boolean;
}

/** A silent-failure path the application promises to record. */
export interface PromisedPath {
  readonly key: string;
  /** Lambda function name of its emitter. */
  readonly emitter: string;
}

/** What one environment promises, derived from the contract. */
export interface Promises {
  /** X-Ray actions a function's role holds beyond those for writing, by Lambda function name. */
  readonly traceReads: Readonly<Record<string, readonly string[]>>;
  readonly metrics: readonly PromisedMetric[];
  readonly failurePaths: readonly PromisedPath[];
  /** CloudWatch names of the alarms of the environment's tier. */
  readonly alarmNames: readonly string[];
  /** Names of the metrics that some alarm of the catalogue watches, whatever its tier. */
  readonly alarmedMetrics: readonly string[];
}
