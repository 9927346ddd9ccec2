import { isUnresolved, partsOf, referencesIn, soleReference } from "./expression";
import { isObject, type JsonObject, type Resource, type TerraformModel } from "./model";

function constructPath(values: JsonObject): string | undefined {
  const notes = values["//"];
  const metadata = isObject(notes) ? notes["metadata"] : undefined;
  const path = isObject(metadata) ? metadata["path"] : undefined;
  return typeof path === "string" ? path : undefined;
}

/** Region by provider key: `aws` or `aws.alias`. */
function regionsOf(configuration: JsonObject): ReadonlyMap<string, string> {
  const providers = isObject(configuration["provider"]) ? configuration["provider"] : {};
  return new Map(
    Object.entries(providers).flatMap(([name, written]) =>
      (Array.isArray(written) ? written : [written]).filter(isObject).flatMap((one): [string, string][] => {
        const region = one["region"];
        if (typeof region !== "string" || isUnresolved(region)) return [];
        return [[typeof one["alias"] === "string" ? `${name}.${one["alias"]}` : name, region]];
      }),
    ),
  );
}

function providerKey(values: JsonObject, type: string): string {
  const named = values["provider"];
  return typeof named === "string" ? named.replace(/^\$\{|\}$/g, "") : (type.split("_")[0] as string);
}

/** Resolves references whose target is a literal of the same file, and variables with a default. */
function resolver(raw: readonly { address: string; values: JsonObject }[], configuration: JsonObject) {
  const byAddress = new Map(raw.map(({ address, values }) => [address, values]));
  const variables = isObject(configuration["variable"]) ? configuration["variable"] : {};
  const literal = (value: unknown, depth: number): unknown => {
    if (typeof value !== "string" || !value.includes("${")) return value;
    if (depth > 8) return value;
    const variable = /^\$\{var\.([\w-]+)\}$/.exec(value);
    if (variable !== null) {
      const declared = variables[variable[1] as string];
      const fallback = isObject(declared) ? declared["default"] : undefined;
      return fallback ?? value;
    }
    const sole = soleReference(value);
    const target = sole === undefined ? undefined : byAddress.get(sole.address)?.[sole.attribute];
    return typeof target === "string" ? literal(target, depth + 1) : value;
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (isObject(value)) return mapped(value, resolve);
    return literal(value, 0);
  };
  return resolve;
}

function mapped(values: JsonObject, change: (value: unknown) => unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, change(value)]),
  );
}

function section(configuration: JsonObject, name: "resource" | "data") {
  const types = isObject(configuration[name]) ? configuration[name] : {};
  return Object.entries(types).flatMap(([type, byName]) =>
    Object.entries(isObject(byName) ? byName : {}).flatMap(([label, written]) => {
      const values = Array.isArray(written) ? written[0] : written;
      if (!isObject(values)) return [];
      return [{ type, address: `${name === "data" ? "data." : ""}${type}.${label}`, values }];
    }),
  );
}

/** The conditions of every variable's validations. */
function conditionsOf(configuration: JsonObject): Readonly<Record<string, readonly string[]>> {
  const variables = isObject(configuration["variable"]) ? configuration["variable"] : {};
  return Object.fromEntries(
    Object.entries(variables).map(([name, declared]) => {
      const written = isObject(declared) ? declared["validation"] : undefined;
      const validations = (Array.isArray(written) ? written : [written]).filter(isObject);
      return [name, validations.map((one) => String(one["condition"]))];
    }),
  );
}

/**
 * Reads Terraform's JSON configuration syntax, as CDKTF synthesizes it. References to literals of the same file, such
 * as a role's name, are resolved; the rest stay expressions.
 *
 * @param configuration the parsed `cdk.tf.json`
 * @throws TypeError when it is not an object
 */
export function fromSynthesized(configuration: unknown): TerraformModel {
  if (!isObject(configuration)) {
    throw new TypeError("Terraform JSON configuration: expected an object at the top level");
  }
  const managed = section(configuration, "resource");
  const data = section(configuration, "data");
  const resolve = resolver([...managed, ...data], configuration);
  const regions = regionsOf(configuration);
  const resource = ({ type, address, values }: (typeof managed)[number]): Resource => ({
    address,
    type,
    path: constructPath(values) ?? address,
    values: mapped(values, resolve),
    references: Object.fromEntries(
      Object.entries(values)
        .map(([key, value]) => [key, referencesIn(value)] as const)
        .filter(([, found]) => found.length > 0),
    ),
    stated: new Set(Object.keys(values).filter((key) => values[key] !== null)),
    region: regions.get(providerKey(values, type)),
  });
  return {
    source: "configuration",
    resources: managed.map(resource),
    data: data.map(resource),
    conditions: conditionsOf(configuration),
  };
}

/** The type an address names: `aws_sns_topic` of `module.a.aws_sns_topic.b`. */
export function typeOf(address: string): string | undefined {
  return partsOf(address).find((part) => /^[a-z][a-z0-9]*_[a-z0-9_]+$/.test(part));
}
