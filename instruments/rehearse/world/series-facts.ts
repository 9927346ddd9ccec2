import type { MetricRef } from "../../cloudwatch";

/** What a metric tells, as far as its name, its unit and the alarms on it say. */
export type Role =
  | "invocations"
  | "errors"
  | "throttles"
  | "duration"
  | "proof-of-life"
  | "counter"
  | "gauge"
  | "queue"
  | "cost";

/** Everything a rehearsal knows about one metric with exact dimensions. */
export interface SeriesFacts {
  /** Key of the evaluator's data map. */
  readonly key: string;
  readonly ref: MetricRef;
  /** Who writes it: AWS itself, PutMetricData, or a log metric filter. */
  readonly source: "aws" | "custom" | "log";
  readonly role: Role;
  /** Names of the functions that feed it; more than one when the file cannot tell which of them does. */
  readonly emitters: readonly string[];
  /** False when the file only says who may feed it. */
  readonly certain: boolean;
  /** One datapoint per run of its function, or one every `everySeconds` by the clock. */
  readonly written: "each-run" | "by-clock";
  readonly everySeconds: number;
  /** Value of one sample on a normal day; `undefined` when nothing is published while all is well. */
  readonly normal: number | undefined;
  /** The largest value one sample can have. */
  readonly limit: number;
  /** What the limit is, for messages. */
  readonly limitedBy: string;
  /** Why no datapoint can ever arrive. */
  readonly never?: string;
  /** Why this file cannot tell whether it arrives. */
  readonly doubt?: string;
  /** What is taken for granted about it because only its owner could know. */
  readonly assumed?: string;
}

/** A metric as people write it: `namespace name {Key=value}`. */
export function describeRef(ref: MetricRef): string {
  const dimensions = Object.entries(ref.dimensions).map(([key, value]) => `${key}=${value}`);
  return `${ref.namespace} ${ref.name}${dimensions.length === 0 ? "" : ` {${dimensions.join(", ")}}`}`;
}
