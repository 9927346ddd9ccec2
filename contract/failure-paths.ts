import type { ServiceKey } from "./services";

/** A place where an error is caught and the caller never sees it (requirements §5). */
export interface FailurePath {
  /** Name of the X-Ray subsegment the path runs in. */
  readonly subsegment: string;
  /** Value of the `FailurePath` dimension. */
  readonly dimension: string;
  /** The dedicated metric of FR-043, emitted beside `SilentFailure/Count`. */
  readonly metric:
    | "CircuitBreakerPersistenceFailure"
    | "AuditEventPersistenceFailure"
    | "DownstreamNotificationFailure"
    | "TimeseriesFanoutPartialFailure"
    | "SelfHealingItemFetchFailure"
    | "ParallelFetcherErrors";
  readonly emitter: ServiceKey;
  /** What the caller still gets when the path fails. */
  readonly fallback: string;
}

/** The closed set of seven silent-failure paths; keys are what code passes to `silentFailures`. */
export const FAILURE_PATHS = {
  circuit_breaker_load: {
    subsegment: "circuit_breaker_load",
    dimension: "circuit_breaker_load",
    metric: "CircuitBreakerPersistenceFailure",
    emitter: "ingestion",
    fallback: "the breaker is taken as closed and the vendor is called",
  },
  circuit_breaker_save: {
    subsegment: "circuit_breaker_save",
    dimension: "circuit_breaker_save",
    metric: "CircuitBreakerPersistenceFailure",
    emitter: "ingestion",
    fallback: "the new breaker state is lost with the run",
  },
  audit_trail: {
    subsegment: "audit_trail_persist",
    dimension: "audit_trail",
    metric: "AuditEventPersistenceFailure",
    emitter: "ingestion",
    fallback: "the run stays unaudited",
  },
  notification_delivery: {
    subsegment: "downstream_notification_publish",
    dimension: "notification_delivery",
    metric: "DownstreamNotificationFailure",
    emitter: "ingestion",
    fallback: "the items stay pending until self-healing publishes them again",
  },
  fanout_partial_write: {
    subsegment: "timeseries_fanout_batch_write",
    dimension: "fanout_partial_write",
    metric: "TimeseriesFanoutPartialFailure",
    emitter: "analysis",
    fallback: "the item stays analyzed while some of its buckets lack it",
  },
  self_healing_fetch: {
    subsegment: "self_healing_item_fetch",
    dimension: "self_healing_fetch",
    metric: "SelfHealingItemFetchFailure",
    emitter: "ingestion",
    fallback: "the item waits for the next run",
  },
  parallel_fetcher_aggregate: {
    subsegment: "parallel_fetch_aggregate",
    dimension: "parallel_fetcher_aggregate",
    metric: "ParallelFetcherErrors",
    emitter: "ingestion",
    fallback: "the run goes on with the other vendor's articles",
  },
} as const satisfies Record<string, FailurePath>;

/** Key of {@link FAILURE_PATHS}. */
export type FailurePathKey = keyof typeof FAILURE_PATHS;

/** All path keys, in declaration order. */
export const FAILURE_PATH_KEYS = Object.keys(FAILURE_PATHS) as readonly FailurePathKey[];

/** The seven values of the `FailurePath` dimension. */
export const FAILURE_PATH_DIMENSIONS = FAILURE_PATH_KEYS.map((key) => FAILURE_PATHS[key].dimension);

/** The paths a service owns. */
export function failurePathsOf(service: ServiceKey): readonly FailurePathKey[] {
  return FAILURE_PATH_KEYS.filter((key) => FAILURE_PATHS[key].emitter === service);
}
