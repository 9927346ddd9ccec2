import { isUnresolved } from "./expression";

/** A JSON object. */
export type JsonObject = { readonly [key: string]: unknown };

/** A resource or data source as rules see it. */
export interface Resource {
  /** Terraform address, for example `module.api.aws_lambda_function.ingestion["eu"]`. */
  readonly address: string;
  readonly type: string;
  /** Where it comes from: the construct path if there is one, the address otherwise. */
  readonly path: string;
  /** Attributes with a value; what is not known yet is an expression in `${}`, what is null or unset is left out. */
  readonly values: JsonObject;
  /** By attribute: addresses the configuration builds it from, known value or not. Empty for a state. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** Attributes the author wrote; `undefined` when only values are known, as in a state. */
  readonly stated: ReadonlySet<string> | undefined;
  /** AWS region of its provider; `undefined` when the file does not say. */
  readonly region: string | undefined;
}

/** The resources of one Terraform configuration, plan or state. */
export interface TerraformModel {
  /** What was read: CDKTF's or Terraform's JSON configuration, or `terraform show -json` of a plan or a state. */
  readonly source: "configuration" | "plan" | "state";
  /** Managed resources, in file order. */
  readonly resources: readonly Resource[];
  /** Data sources, in file order. */
  readonly data: readonly Resource[];
  /** By variable: conditions of its validations, as written. Absent where a file does not show them, as in plans. */
  readonly conditions?: Readonly<Record<string, readonly string[]>>;
}

/** True for JSON objects, false for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The managed resources of one type, in file order. */
export function ofType(model: TerraformModel, type: string): readonly Resource[] {
  return model.resources.filter((resource) => resource.type === type);
}

/** The known string value of an attribute, or `undefined` when it is absent, no string, or known only after apply. */
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

/** True when an attribute has a value that, in whole or in part, is not known before apply. */
export function unresolved(resource: Resource, attribute: string): boolean {
  return isUnresolved(resource.values[attribute]);
}
