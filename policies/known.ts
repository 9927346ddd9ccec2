import { FAILURE_PATHS, failurePathsOf } from "../contract/failure-paths";
import { exampleLines, LOG_EVENTS, logMetricsOf } from "../contract/logs";
import {
  CANARY_COMPONENT,
  DIMENSION_VALUES,
  type DimensionKey,
  type MetricName,
  metric,
  metricsOf,
} from "../contract/metrics";
import type { Environment } from "../contract/names";
import { functionName, SERVICE_KEYS, SERVICES, type ServiceKey } from "../contract/services";
import type { EmitterKnowledge, KnownEmission, KnownFunction } from "./rules/knowledge";

function valuesOf(
  environment: Environment,
  service: ServiceKey,
  name: MetricName,
  key: DimensionKey,
): readonly string[] {
  if (key === "Environment") return [environment];
  if (key === "Component") return [CANARY_COMPONENT];
  if (key === "FunctionName") {
    return (metric(name).speaksOf ?? [service]).map((one) => functionName(environment, one));
  }
  if (key === "FailurePath") return failurePathsOf(service).map((path) => FAILURE_PATHS[path].dimension);
  return DIMENSION_VALUES[key];
}

/** Every combination of the values of some keys. */
function combinations(
  keys: readonly DimensionKey[],
  values: (key: DimensionKey) => readonly string[],
): readonly Readonly<Record<string, string>>[] {
  return keys.reduce<readonly Readonly<Record<string, string>>[]>(
    (found, key) => found.flatMap((one) => values(key).map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
}

function emissionsOf(
  environment: Environment,
  service: ServiceKey,
  name: MetricName,
): readonly KnownEmission[] {
  const { namespace, dimensionSets } = metric(name);
  return dimensionSets.flatMap((keys) =>
    combinations(keys, (key) => valuesOf(environment, service, name, key)).map((dimensions) => ({
      namespace,
      metric: name,
      dimensions,
    })),
  );
}

/** What our own functions emit and log, in the form people write about theirs. Their handlers rethrow, or answer 5xx (D6). */
export function knowledgeOf(environment: Environment): EmitterKnowledge {
  const functions = SERVICE_KEYS.map((service): [string, KnownFunction] => [
    functionName(environment, service),
    {
      handlerErrors: SERVICES[service].trigger.kind === "api" ? "answered" : "raised",
      invoked: "yes",
      emits: metricsOf(service).flatMap((name) => emissionsOf(environment, service, name)),
      logLines: [
        ...new Set(logMetricsOf(service).flatMap(([, { event }]) => exampleLines(LOG_EVENTS[event]))),
      ],
    },
  ]);
  return { functions: Object.fromEntries(functions) };
}
