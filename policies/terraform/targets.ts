import { isUnresolved, referencesIn } from "./expression";
import { list, type Resource, type TerraformModel } from "./model";

/** What one element of an attribute points at. */
export type Target =
  /** A resource of the same file. */
  | { readonly kind: "resource"; readonly resource: Resource }
  /** Something known by name or ARN that this file does not manage. */
  | { readonly kind: "outside"; readonly value: string }
  /** Known only after apply, and the file does not say where it comes from. */
  | { readonly kind: "unknown" };

/** Attributes by which AWS resources are named. */
const IDENTITIES = [
  "arn",
  "id",
  "name",
  "function_name",
  "function_arn",
  "alarm_name",
  "dashboard_name",
  "url",
  "key_id",
  "qualified_arn",
  "invoke_arn",
];

const indexes = new WeakMap<
  TerraformModel,
  { byAddress: Map<string, Resource>; byIdentity: Map<string, Resource[]> }
>();

function indexOf(model: TerraformModel) {
  const built = indexes.get(model);
  if (built !== undefined) return built;
  const byAddress = new Map([...model.resources, ...model.data].map((one) => [one.address, one]));
  const byIdentity = new Map<string, Resource[]>();
  for (const resource of model.resources) {
    const identities = IDENTITIES.map((key) => resource.values[key]).filter((one) => typeof one === "string");
    for (const identity of new Set(identities)) {
      const known = byIdentity.get(identity);
      if (known === undefined) byIdentity.set(identity, [resource]);
      else known.push(resource);
    }
  }
  const index = { byAddress, byIdentity };
  indexes.set(model, index);
  return index;
}

/** The resource or data source at an address. */
export function at(model: TerraformModel, address: string): Resource | undefined {
  return indexOf(model).byAddress.get(address);
}

/**
 * What one value points at: by the expression in it, else by the name or ARN it is.
 *
 * @param types resource types it may be; names alone are not unique across types
 */
export function targetsOfValue(
  model: TerraformModel,
  value: unknown,
  types: readonly string[],
): readonly Target[] {
  const named = referencesIn(value)
    .map((address) => at(model, address))
    .filter((one) => one !== undefined && types.includes(one.type)) as Resource[];
  if (named.length > 0) return named.map((resource) => ({ kind: "resource", resource }));
  if (typeof value !== "string") return [];
  if (isUnresolved(value)) return [{ kind: "unknown" }];
  const found = (indexOf(model).byIdentity.get(value) ?? []).filter((one) => types.includes(one.type));
  if (found.length > 0) return found.map((resource) => ({ kind: "resource", resource }));
  return [{ kind: "outside", value }];
}

/**
 * What an attribute points at, element by element; empty when it is absent. The configuration's references come
 * first, because a name alone may be known while the resource behind it is not.
 *
 * @param types resource types it may point at
 */
export function targetsOf(
  model: TerraformModel,
  resource: Resource,
  attribute: string,
  types: readonly string[],
): readonly Target[] {
  const elements = list(resource, attribute);
  const found = elements.flatMap((one) => targetsOfValue(model, one, types));
  if (found.some((one) => one.kind === "resource")) return found;
  const referenced = (resource.references[attribute] ?? [])
    .map((address) => at(model, address))
    .filter((one): one is Resource => one !== undefined && types.includes(one.type));
  return referenced.length > 0 ? referenced.map((one) => ({ kind: "resource", resource: one })) : found;
}

/** The resources among {@link targetsOf}. */
export function resourcesAt(
  model: TerraformModel,
  resource: Resource,
  attribute: string,
  types: readonly string[],
): readonly Resource[] {
  return targetsOf(model, resource, attribute, types).flatMap((one) =>
    one.kind === "resource" ? [one.resource] : [],
  );
}
