import type { Environment } from "../../contract/names";
import {
  isObject,
  type JsonObject,
  ofType,
  type Resource,
  type TerraformModel,
  text,
} from "../../policies/terraform/model";
import { model } from "../support/synthesized";

/** An IAM statement as it is found in finished JSON. */
export interface FoundStatement {
  readonly Effect: string;
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/** The environments, each with its resources in the tier it has by default. */
export const STACKS: readonly (readonly [Environment, TerraformModel])[] = (
  ["dev", "preprod", "prod"] as const
).map((environment) => [environment, model(environment)] as const);

/** A JSON object, or an error: tests must not pass because something was absent. */
export function object(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new Error(`not a JSON object: ${JSON.stringify(value)}`);
}

/** The only element of a list, or an error. */
export function only<T>(values: readonly T[]): T {
  const [first] = values;
  if (first === undefined || values.length !== 1) throw new Error(`expected one, found ${values.length}`);
  return first;
}

/** Resources of a type; an empty list is an error, so that "every …" is never vacuous. */
export function every(terraform: TerraformModel, type: string): readonly Resource[] {
  const found = ofType(terraform, type);
  if (found.length === 0) throw new Error(`no ${type}`);
  return found;
}

/** The one resource of a type whose attribute has a value. */
export function named(terraform: TerraformModel, type: string, attribute: string, value: string): Resource {
  return only(every(terraform, type).filter((one) => one.values[attribute] === value));
}

/** The one resource of a type in the region of the stack itself. */
export function atHome(terraform: TerraformModel, type: string): Resource {
  return only(every(terraform, type).filter(({ region }) => region === "eu-west-1"));
}

/** How the model shows a reference to an attribute of a resource: its literal if it is one, else the expression. */
export function ref(resource: Resource, attribute: string): string {
  return text(resource, attribute) ?? `\${${resource.address}.${attribute}}`;
}

/** The statements of a policy document held as text. */
export function statements(document: unknown): readonly FoundStatement[] {
  return (JSON.parse(String(document)) as { Statement: FoundStatement[] }).Statement;
}

/** All managed policies attached to the role of a function. */
export function policiesOf(terraform: TerraformModel, fn: Resource): readonly Resource[] {
  const role = only(every(terraform, "aws_iam_role").filter((one) => ref(one, "arn") === fn.values["role"]));
  const attached = every(terraform, "aws_iam_role_policy_attachment")
    .filter((one) => one.values["role"] === ref(role, "name"))
    .map((one) => one.values["policy_arn"]);
  return every(terraform, "aws_iam_policy").filter((one) => attached.includes(ref(one, "arn")));
}

/** Every statement the role of a function has. */
export function grantsOf(terraform: TerraformModel, fn: Resource): readonly FoundStatement[] {
  return policiesOf(terraform, fn).flatMap((policy) => statements(policy.values["policy"]));
}

/** The function of a service. */
export function functionOf(terraform: TerraformModel, environment: Environment, service: string): Resource {
  return named(terraform, "aws_lambda_function", "function_name", `${environment}-sentiment-${service}`);
}

/** The environment variables of a function. */
export function variablesOf(fn: Resource): JsonObject {
  return object(object(fn.values["environment"])["variables"]);
}
