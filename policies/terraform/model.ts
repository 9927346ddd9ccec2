/** A JSON object. */
export type JsonObject = { readonly [key: string]: unknown };

/** A managed resource as rules see it. */
export interface Resource {
  /** Terraform address, for example `aws_lambda_function.ingestion_function_0A1B2C3D`. */
  readonly address: string;
  readonly type: string;
  /** Where it comes from: the construct path if there is one, the address otherwise. */
  readonly path: string;
  readonly values: JsonObject;
}

/** The managed resources of one Terraform configuration. */
export interface TerraformModel {
  readonly resources: readonly Resource[];
}

/** True for JSON objects, false for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The resources of one type, in file order. */
export function ofType(model: TerraformModel, type: string): readonly Resource[] {
  return model.resources.filter((resource) => resource.type === type);
}

/** The string value of an attribute, or `undefined` when it is absent or no string. */
export function text(resource: Resource, attribute: string): string | undefined {
  const value = resource.values[attribute];
  return typeof value === "string" ? value : undefined;
}

/** The elements of a list attribute; a nested block written as a single object counts as one element. */
export function list(resource: Resource, attribute: string): readonly unknown[] {
  const value = resource.values[attribute];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A nested block by name: the object itself, or the first of a list. */
export function block(resource: Resource, attribute: string): JsonObject | undefined {
  const first = list(resource, attribute)[0];
  return isObject(first) ? first : undefined;
}

const REFERENCE = /\b(?!data\.|var\.|local\.)([a-z][a-z0-9]*_[a-z0-9_]+)\.([A-Za-z_][\w-]*)/g;

/** Addresses of the resources a value refers to, in order of appearance, without repetition. */
export function referencesIn(value: unknown): readonly string[] {
  const source = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const expressions = source.match(/\$\{[^}]*\}/g) ?? [];
  const found = expressions.flatMap((expression) =>
    [...expression.matchAll(REFERENCE)].map((match) => `${match[1]}.${match[2]}`),
  );
  return [...new Set(found)];
}

function constructPath(values: JsonObject): string | undefined {
  const notes = values["//"];
  const metadata = isObject(notes) ? notes["metadata"] : undefined;
  const path = isObject(metadata) ? metadata["path"] : undefined;
  return typeof path === "string" ? path : undefined;
}

/**
 * Reads Terraform's JSON configuration syntax, as CDKTF synthesizes it.
 *
 * @param configuration the parsed `cdk.tf.json`
 * @throws TypeError when it is not an object
 */
export function fromSynthesized(configuration: unknown): TerraformModel {
  if (!isObject(configuration)) {
    throw new TypeError("Terraform JSON configuration: expected an object at the top level");
  }
  const types = isObject(configuration["resource"]) ? configuration["resource"] : {};
  const resources = Object.entries(types).flatMap(([type, byName]) =>
    Object.entries(isObject(byName) ? byName : {}).flatMap(([name, values]) => {
      if (!isObject(values)) return [];
      const address = `${type}.${name}`;
      return [{ address, type, path: constructPath(values) ?? address, values }];
    }),
  );
  return { resources };
}
