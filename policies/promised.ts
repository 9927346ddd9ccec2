import { accessOf } from "../contract/access";
import { alarmCatalogue, alarmsOfTier } from "../contract/alarms/catalogue";
import { alarmName, type Series, type Signal, type Tier } from "../contract/alarms/definition";
import { FAILURE_PATH_KEYS, FAILURE_PATHS } from "../contract/failure-paths";
import { METRIC_NAMES, metric } from "../contract/metrics";
import type { Environment } from "../contract/names";
import { functionName, SERVICE_KEYS } from "../contract/services";
import type { PromisedMetric, Promises } from "./rules/promises";

/** The time series an alarm reads; none for a composite. */
function seriesOf(signal: Signal): readonly Series[] {
  if (signal.kind === "metric") return [signal.series];
  return signal.kind === "math" ? Object.values(signal.series) : [];
}

/** What the contract promises for one environment and tier, in the form guard-rails read. */
export function promisesOf(environment: Environment, tier: Tier): Promises {
  const metrics = METRIC_NAMES.map((name): PromisedMetric => {
    const { namespace, dimensionSets, emitters, alarmedThrough } = metric(name);
    return {
      name,
      namespace,
      dimensionSets,
      emitters: emitters.map((service) => functionName(environment, service)),
      alarmedThrough,
      recordedWithFailures: name === "SilentFailure/Count" || alarmedThrough === "SilentFailure/Count",
    };
  });
  return {
    traceReads: Object.fromEntries(
      SERVICE_KEYS.map((service) => [
        functionName(environment, service),
        (accessOf(service).inspects ?? []).filter((action) => action.startsWith("xray:")),
      ]),
    ),
    metrics,
    failurePaths: FAILURE_PATH_KEYS.map((key) => ({
      key,
      emitter: functionName(environment, FAILURE_PATHS[key].emitter),
    })),
    alarmNames: alarmsOfTier(environment, tier).map((alarm) => alarmName(environment, alarm.id)),
    alarmedMetrics: [
      ...new Set(
        alarmCatalogue(environment).flatMap((alarm) => seriesOf(alarm.signal).map((one) => one.name)),
      ),
    ].sort(),
  };
}
