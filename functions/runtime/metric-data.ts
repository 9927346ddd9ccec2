import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { FAILURE_PATHS, failurePathsOf } from "../../contract/failure-paths";
import {
  CANARY_COMPONENT,
  DIMENSION_VALUES,
  type DimensionKey,
  METRICS,
  type MetricName,
  metric,
  metricsOf,
} from "../../contract/metrics";
import { functionName } from "../../contract/services";
import type { CommonConfig } from "./config";

/** Dimension values by key. */
export type Dimensions = Readonly<Partial<Record<DimensionKey, string>>>;

const CLOSED: readonly DimensionKey[] = Object.keys(DIMENSION_VALUES) as DimensionKey[];

/** The keys a caller must supply for a metric: those with a closed set of values, and whom it speaks of. */
function callerKeys(name: MetricName): readonly DimensionKey[] {
  const { dimensionSets, speaksOf } = metric(name);
  const keys = dimensionSets.flat();
  return [
    ...CLOSED.filter((key) => keys.includes(key)),
    ...(speaksOf === undefined ? [] : (["FunctionName"] as const)),
  ];
}

/** The values a caller may supply for such a key. */
function allowedValues(config: CommonConfig, name: MetricName, key: DimensionKey): readonly string[] {
  if (key === "FunctionName") {
    return (metric(name).speaksOf ?? []).map((service) => functionName(config.environment, service));
  }
  return DIMENSION_VALUES[key as keyof typeof DIMENSION_VALUES];
}

/**
 * Turns one emission into data, one datum per dimension set of the contract. `Environment`, `Component` and
 * `FunctionName` come from the emitter, unless the metric speaks of other functions.
 *
 * @throws Error when the metric is unknown or another service's, a dimension is supplied twice (D5), missing,
 *   unknown, or outside its closed set
 */
export function dataOf(
  config: CommonConfig,
  name: MetricName,
  value: number,
  dimensions: Dimensions,
): readonly MetricDatum[] {
  if (!Object.hasOwn(METRICS, name)) {
    throw new Error(`Metric "${name}" is not in contract/metrics.ts; declare it there or correct its name.`);
  }
  const { emitters, dimensionSets, unit, speaksOf } = metric(name);
  if (!emitters.includes(config.service)) {
    throw new Error(
      `${config.service} may not emit ${name}: its emitters are ${emitters.join(", ")}. ` +
        "Add the service to the metric's emitters, which also grants its role the namespace.",
    );
  }
  const supplied: Dimensions = {
    Environment: config.environment,
    Component: CANARY_COMPONENT,
    ...(speaksOf === undefined ? { FunctionName: config.functionName } : {}),
  };
  refuseWrongDimensions(config, name, Object.keys(supplied), dimensions);
  const all = { ...supplied, ...dimensions };
  return dimensionSets.map((keys) => ({
    MetricName: name,
    Unit: unit,
    Value: value,
    Dimensions: keys.map((key) => ({ Name: key, Value: all[key] })),
  }));
}

function refuseWrongDimensions(
  config: CommonConfig,
  name: MetricName,
  supplied: readonly string[],
  given: Dimensions,
): void {
  const twice = Object.keys(given).filter((key) => supplied.includes(key));
  if (twice.length > 0) {
    throw new Error(
      `${name} was given the dimension ${twice.join(", ")} twice: the emitter always adds it. ` +
        "CloudWatch refuses duplicate names; leave it out of the call (D5).",
    );
  }
  const wanted = callerKeys(name);
  const found = Object.keys(given);
  if (found.length !== wanted.length || wanted.some((key) => !found.includes(key))) {
    throw new Error(
      `${name} was given the dimensions [${found.join(", ")}], expected [${wanted.join(", ")}]; ` +
        "see its dimensionSets in contract/metrics.ts.",
    );
  }
  for (const key of wanted) {
    const allowed = allowedValues(config, name, key);
    if (!allowed.includes(given[key] ?? "")) {
      throw new Error(`${name}: ${key} is "${given[key]}", expected one of ${allowed.join(", ")}.`);
    }
  }
}

/** The values a closed dimension takes in one service; a failure path belongs to exactly one. */
function ownValues(config: CommonConfig, name: MetricName, key: DimensionKey): readonly string[] {
  if (key !== "FailurePath") return allowedValues(config, name, key);
  return failurePathsOf(config.service).map((path) => FAILURE_PATHS[path].dimension);
}

/**
 * A zero for every counter a service owns, in every dimension set, so that silence means a dead emitter (design §4).
 *
 * @param withheld counters whose value is unknown this time
 */
export function zerosOf(config: CommonConfig, withheld: ReadonlySet<MetricName>): readonly MetricDatum[] {
  return metricsOf(config.service)
    .filter((name) => metric(name).zeroFilled && !withheld.has(name))
    .flatMap((name) => {
      const key = callerKeys(name)[0];
      if (key === undefined) return dataOf(config, name, 0, {});
      return ownValues(config, name, key).flatMap((value) => dataOf(config, name, 0, { [key]: value }));
    });
}

/** Tells two data apart exactly as CloudWatch does: by metric and dimensions. */
export function seriesKey(datum: MetricDatum): string {
  const dimensions = (datum.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return [datum.MetricName, ...dimensions].join("|");
}
