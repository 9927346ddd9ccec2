import { partsOf, SENSITIVE, UNKNOWN, withoutKeys } from "./expression";
import { isObject, type JsonObject, type Resource, type TerraformModel } from "./model";
import {
  type ConfiguredModule,
  configurationOf,
  moduleOf,
  resourceReferences,
  writtenReferences,
} from "./plan-references";

function objects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The key of the last instance in an address: `["a"]` or `[0]`, empty without one. */
function keyOf(address: string): string {
  return /\[[^\]]*\]$/.exec(address)?.[0] ?? "";
}

function modulePrefix(address: string): string {
  const parts = partsOf(address);
  const last = parts.lastIndexOf("module");
  return last === -1 ? "" : parts.slice(0, last + 2).join(".");
}

/** Instances a reference may mean: the one it names, those of the same module instance and key, else all. */
function instances(reference: string, from: string, keyed: boolean, known: ReadonlyMap<string, string[]>) {
  const all = known.get(withoutKeys(reference)) ?? [];
  const near = all.filter((one) => modulePrefix(one) === modulePrefix(from));
  const candidates = near.length > 0 ? near : all;
  const named = candidates.filter((one) => keyOf(one) === keyOf(reference));
  if (keyOf(reference) !== "" && named.length > 0) return named;
  const sameKey = candidates.filter((one) => keyOf(one) === keyOf(from));
  return keyed && keyOf(from) !== "" && sameKey.length > 0 ? sameKey : candidates;
}

/** Removes nulls, hides sensitive values, and writes an expression wherever apply decides. */
function settled(value: unknown, unknown: unknown, sensitive: unknown, expression: () => unknown): unknown {
  if (unknown === true) return expression();
  if (sensitive === true && value !== null && value !== undefined) return SENSITIVE;
  if (Array.isArray(value) || (Array.isArray(unknown) && value === undefined)) {
    const values = Array.isArray(value) ? value : [];
    const marks = Array.isArray(unknown) ? unknown : [];
    const hidden = Array.isArray(sensitive) ? sensitive : [];
    return Array.from({ length: Math.max(values.length, marks.length) }, (_, i) =>
      settled(values[i], marks[i], hidden[i], expression),
    );
  }
  if (isObject(value) || isObject(unknown)) {
    const values = isObject(value) ? value : {};
    const marks = isObject(unknown) ? unknown : {};
    const hidden = isObject(sensitive) ? sensitive : {};
    const keys = [...new Set([...Object.keys(values), ...Object.keys(marks)])];
    return Object.fromEntries(
      keys
        .map((key) => [key, settled(values[key], marks[key], hidden[key], expression)] as const)
        .filter(([, one]) => one !== null && one !== undefined),
    );
  }
  return value;
}

interface Reading {
  readonly root: ConfiguredModule;
  readonly known: ReadonlyMap<string, string[]>;
  readonly regions: (module: ConfiguredModule, key: string) => string | undefined;
}

function read(change: JsonObject, reading: Reading): Resource {
  const address = String(change["address"]);
  const body = isObject(change["change"]) ? change["change"] : {};
  const module = moduleOf(reading.root, address) ?? reading.root;
  const configured = configurationOf(module, address);
  const expressions = isObject(configured?.["expressions"]) ? configured["expressions"] : {};
  const references: Record<string, readonly string[]> = {};
  const marks: Record<string, readonly string[]> = {};
  for (const [attribute, expression] of Object.entries(expressions)) {
    const keyed = writtenReferences(expression).some((one) => /^(each|count)\./.test(one));
    const found = resourceReferences(module, expression).flatMap((reference) => {
      const { target, rest } = splitReference(reference);
      return instances(target, address, keyed, reading.known).map((one) => ({ one, rest }));
    });
    if (found.length === 0) continue;
    references[attribute] = [...new Set(found.map(({ one }) => one))];
    marks[attribute] = [...new Set(found.map(({ one, rest }) => `\${${[one, ...rest].join(".")}}`))];
  }
  const after = isObject(body["after"]) ? body["after"] : {};
  const unknown = isObject(body["after_unknown"]) ? body["after_unknown"] : {};
  const sensitive = isObject(body["after_sensitive"]) ? body["after_sensitive"] : {};
  const values: Record<string, unknown> = {};
  for (const key of [...new Set([...Object.keys(after), ...Object.keys(unknown)])]) {
    // The provider fills in what nobody wrote; for rules that is absent, not unknown.
    if (unknown[key] === true && !(key in expressions)) continue;
    const traced = marks[key] ?? [];
    const expression = () => (traced.length > 1 ? traced : (traced[0] ?? UNKNOWN));
    const value = settled(after[key], unknown[key], sensitive[key], expression);
    if (value !== null && value !== undefined) values[key] = value;
  }
  if (configured?.["depends_on"] !== undefined) {
    values["depends_on"] = resourceReferences(module, { references: configured["depends_on"] });
  }
  return {
    address,
    type: String(change["type"]),
    path: address,
    values,
    references,
    stated: configured === undefined ? undefined : new Set(Object.keys(expressions)),
    region: reading.regions(module, String(configured?.["provider_config_key"] ?? "")),
  };
}

function splitReference(reference: string): { target: string; rest: readonly string[] } {
  const parts = partsOf(reference);
  let start = 0;
  while (parts[start] === "module") start += 2;
  if (parts[start] === "data") start += 1;
  return { target: parts.slice(0, start + 2).join("."), rest: parts.slice(start + 2, start + 3) };
}

/** Regions by provider key of the configuration; a key may carry the module that declares the provider. */
function regionReader(plan: JsonObject, configuration: JsonObject): Reading["regions"] {
  const providers = isObject(configuration["provider_config"]) ? configuration["provider_config"] : {};
  const variables = isObject(plan["variables"]) ? plan["variables"] : {};
  return (_module, key) => {
    const provider = providers[key];
    const expressions = isObject(provider) ? provider["expressions"] : undefined;
    const region = isObject(expressions) ? expressions["region"] : undefined;
    if (!isObject(region)) return undefined;
    if (typeof region["constant_value"] === "string") return region["constant_value"];
    const [only, ...others] = writtenReferences(region);
    const variable = others.length === 0 ? /^var\.([\w-]+)$/.exec(only ?? "") : null;
    const given = variable === null ? undefined : variables[variable[1] as string];
    const value = isObject(given) ? given["value"] : undefined;
    return typeof value === "string" ? value : undefined;
  };
}

/** Data sources that were read while planning, as changes without unknown values. */
function alreadyRead(plan: JsonObject): readonly JsonObject[] {
  const state = isObject(plan["prior_state"]) ? plan["prior_state"]["values"] : undefined;
  const found: JsonObject[] = [];
  const walk = (module: unknown): void => {
    if (!isObject(module)) return;
    for (const one of objects(module["resources"]))
      if (one["mode"] === "data")
        found.push({ ...one, change: { after: one["values"], after_sensitive: one["sensitive_values"] } });
    for (const below of objects(module["child_modules"])) walk(below);
  };
  if (isObject(state)) walk(state["root_module"]);
  return found;
}

/**
 * Reads `terraform show -json` of a plan: what will exist after apply, several modules deep. Values known only after
 * apply become expressions that name the resources they come from, through module arguments and outputs; sensitive
 * values are replaced. Resources that will be destroyed are left out.
 *
 * @param plan the parsed output, format version 1.x
 */
export function fromPlan(plan: JsonObject): TerraformModel {
  const configuration = isObject(plan["configuration"]) ? plan["configuration"] : {};
  const body = isObject(configuration["root_module"]) ? configuration["root_module"] : {};
  const changes = objects(plan["resource_changes"]).filter((one) => {
    const actions = isObject(one["change"]) ? one["change"]["actions"] : undefined;
    const goes = Array.isArray(actions) && actions.length === 1 && ["delete", "forget"].includes(actions[0]);
    return !goes && one["deposed"] === undefined;
  });
  const deferred = changes.filter((one) => one["mode"] === "data");
  const sources = [...alreadyRead(plan), ...deferred];
  const managed = changes.filter((one) => one["mode"] !== "data");
  const known = new Map<string, string[]>();
  for (const one of [...managed, ...sources]) {
    const address = String(one["address"]);
    const bare = withoutKeys(address);
    known.set(bare, [...(known.get(bare) ?? []), address]);
  }
  const reading: Reading = {
    root: { address: "", body, parent: undefined, call: undefined },
    known,
    regions: regionReader(plan, configuration),
  };
  return {
    source: "plan",
    resources: managed.map((one) => read(one, reading)),
    data: sources.map((one) => read(one, reading)),
  };
}
