import { SENSITIVE } from "./expression";
import { isObject, type JsonObject, type Resource, type TerraformModel } from "./model";

function shown(value: unknown, sensitive: unknown): unknown {
  if (sensitive === true && value !== null) return SENSITIVE;
  if (Array.isArray(value)) {
    return value.map((one, i) => shown(one, Array.isArray(sensitive) ? sensitive[i] : undefined));
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, one]) => one !== null)
        .map(([key, one]) => [key, shown(one, isObject(sensitive) ? sensitive[key] : undefined)]),
    );
  }
  return value;
}

function regionOf(values: JsonObject): string | undefined {
  const arn = values["arn"];
  const region = typeof arn === "string" ? arn.split(":")[3] : undefined;
  return region === "" ? undefined : region;
}

function resourceOf(one: JsonObject): Resource {
  const values = shown(isObject(one["values"]) ? one["values"] : {}, one["sensitive_values"]) as JsonObject;
  const address = String(one["address"]);
  const awaited = Array.isArray(one["depends_on"]) ? { depends_on: one["depends_on"] } : {};
  return {
    address,
    type: String(one["type"]),
    path: address,
    values: { ...values, ...awaited },
    references: {},
    stated: undefined,
    region: regionOf(values),
  };
}

/**
 * Reads `terraform show -json` of a state: everything is known, but not what the author wrote and what the provider
 * filled in. Sensitive values are replaced.
 *
 * @param state the parsed output, format version 1.x
 */
export function fromState(state: JsonObject): TerraformModel {
  const resources: Resource[] = [];
  const data: Resource[] = [];
  const walk = (module: unknown): void => {
    if (!isObject(module)) return;
    for (const one of Array.isArray(module["resources"]) ? module["resources"].filter(isObject) : []) {
      (one["mode"] === "data" ? data : resources).push(resourceOf(one));
    }
    for (const below of Array.isArray(module["child_modules"]) ? module["child_modules"] : []) walk(below);
  };
  const values = state["values"];
  if (isObject(values)) walk(values["root_module"]);
  return { source: "state", resources, data };
}
