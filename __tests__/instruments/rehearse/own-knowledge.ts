import { FAILURE_PATHS } from "../../../contract/failure-paths";
import { DIMENSION_VALUES, type DimensionKey, METRIC_NAMES, metric } from "../../../contract/metrics";
import type { Environment } from "../../../contract/names";
import { functionName, SERVICE_KEYS, type ServiceKey } from "../../../contract/services";
import type { EmitterKnowledge, KnownEmission } from "../../../policies/rules/knowledge";

function valuesOf(environment: Environment, service: ServiceKey, key: DimensionKey): readonly string[] {
  if (key === "Environment") return [environment];
  if (key === "FunctionName") return [functionName(environment, service)];
  if (key === "FailurePath")
    return Object.values(FAILURE_PATHS)
      .filter((path) => path.emitter === service)
      .map((path) => path.dimension);
  return key === "Vendor" ? DIMENSION_VALUES.Vendor : [];
}

function emissionsOf(environment: Environment, service: ServiceKey): readonly KnownEmission[] {
  return METRIC_NAMES.filter((name) => metric(name).emitters.includes(service)).flatMap((name) =>
    metric(name).dimensionSets.flatMap((set) => {
      let all: readonly Record<string, string>[] = [{}];
      for (const key of set) {
        all = all.flatMap((one) =>
          valuesOf(environment, service, key).map((value) => ({ ...one, [key]: value })),
        );
      }
      return all.map((dimensions) => ({ namespace: metric(name).namespace, metric: name, dimensions }));
    }),
  );
}

/** What the contract says about who emits what, in the form of a knowledge file. */
export function ownKnowledge(environment: Environment): EmitterKnowledge {
  const functions = SERVICE_KEYS.map((service) => [
    functionName(environment, service),
    {
      handlerErrors: "raised" as const,
      invoked: "yes" as const,
      emits: emissionsOf(environment, service),
      logLines: [],
    },
  ]);
  return { functions: Object.fromEntries(functions) };
}
