import type { Series } from "./alarms/definition";
import { canarySeries, lambdaSeries, logSeries } from "./alarms/series";
import type { Environment } from "./names";
import { functionName, logGroupName, SERVICES } from "./services";

/** What decides whether the streaming function goes back to the image without collector (DEP-4). */
export type RollbackMeasure = "cold-start" | "errors" | "memory" | "completeness";

/** When a measure asks to go back, and when it is well again afterwards. */
export interface RollbackTrigger {
  readonly what: string;
  readonly unit: "ms" | "%";
  /** The side of the threshold that is bad. */
  readonly bad: "above" | "below";
  readonly threshold: number;
  /** Periods in a row that must be bad. */
  readonly inARow: number;
  /** True for what only happens now and then: any period that has data counts, however far apart they lie. */
  readonly sparse: boolean;
  /** What it must stay under once the baseline runs; absent where the baseline has nothing to measure. */
  readonly afterwards?: number;
}

/** Seconds of one period. */
export const ROLLBACK_PERIOD_SECONDS = 300;

/** Cold starts below which a 99th percentile since a change says nothing. */
export const ROLLBACK_FEWEST_STARTS = 3;

/** Periods without data that are forgiven: the newest may be late, and one may have been quiet. */
export const ROLLBACK_GAPS = 2;

/** Tag of the image to go back to: same code, no collector, no OpenTelemetry (SSE-A7). */
export const BASELINE_TAG = "pre-adot-baseline";

/** Minutes until the kill switch, and until the other image, has taken effect (DEP-4). */
export const ROLLBACK_MINUTES = { killSwitch: 5, image: 15 } as const;

/** The triggers of a rollback. */
export const ROLLBACK_TRIGGERS: Readonly<Record<RollbackMeasure, RollbackTrigger>> = {
  "cold-start": {
    what: "cold start, p99",
    unit: "ms",
    bad: "above",
    threshold: 3000,
    inARow: 3,
    sparse: true,
    afterwards: 1500,
  },
  errors: {
    what: "errors, of invocations",
    unit: "%",
    bad: "above",
    threshold: 5,
    inARow: 2,
    sparse: false,
    afterwards: 0.1,
  },
  memory: {
    what: "memory used, of what the function has",
    unit: "%",
    bad: "above",
    threshold: 90,
    inARow: 3,
    sparse: false,
    afterwards: 70,
  },
  completeness: {
    what: "test traces that arrived, of those sent",
    unit: "%",
    bad: "below",
    threshold: 80,
    inARow: 2,
    sparse: false,
  },
};

/** Names of {@link ROLLBACK_TRIGGERS}, in their order. */
export const ROLLBACK_MEASURES = Object.keys(ROLLBACK_TRIGGERS) as readonly RollbackMeasure[];

/** Where CloudWatch keeps what the triggers are about; cold starts are read from Lambda's log instead. */
export function rollbackSeries(
  environment: Environment,
): Readonly<Record<"failed" | "invoked" | "memoryMb" | "arrived", Series>> {
  return {
    failed: lambdaSeries(environment, "sse", "Errors", "Sum"),
    invoked: lambdaSeries(environment, "sse", "Invocations", "Sum"),
    memoryMb: logSeries(environment, "sse", "maxMemoryUsed", "Maximum"),
    arrived: canarySeries(environment, "canary.trace.completeness_ratio", "Average"),
  };
}

/** The function a rollback is about. */
export function rollbackTarget(environment: Environment) {
  return {
    functionName: functionName(environment, "sse"),
    logGroup: logGroupName(environment, "sse"),
    memoryMb: SERVICES.sse.memoryMb,
  };
}
