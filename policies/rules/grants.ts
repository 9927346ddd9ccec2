import { isUnresolved } from "../terraform/expression";
import {
  isObject,
  type JsonObject,
  list,
  ofType,
  type Resource,
  type TerraformModel,
} from "../terraform/model";
import { at, resourcesAt, targetsOf } from "../terraform/targets";

/** A statement of a policy document, as parsed. */
export type ParsedStatement = JsonObject;

/** The statements a function's role holds, and the policies that could not be read. */
export interface RoleGrants {
  readonly statements: readonly ParsedStatement[];
  /** ARNs of AWS-managed policies attached; their contents are AWS's. */
  readonly managed: readonly string[];
  /** Attachments whose policy is managed elsewhere or known only after apply. */
  readonly unreadable: readonly string[];
}

/** The elements of an IAM field that may be a string or a list. */
export function many(value: unknown): readonly string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === "string");
}

/** The statements of a JSON policy document; `undefined` when it does not parse. */
export function parseStatements(document: unknown): readonly ParsedStatement[] | undefined {
  if (typeof document !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(document);
    const statements = isObject(parsed) ? parsed["Statement"] : undefined;
    return (Array.isArray(statements) ? statements : [statements]).filter(isObject);
  } catch {
    return undefined;
  }
}

const DOCUMENT = "aws_iam_policy_document";

/** The blocks of an `aws_iam_policy_document` in the form of a JSON policy. */
function statementsOfDocument(document: Resource): readonly ParsedStatement[] {
  return list(document, "statement")
    .filter(isObject)
    .map((one) => {
      const conditions: Record<string, Record<string, readonly string[]>> = {};
      for (const condition of (Array.isArray(one["condition"]) ? one["condition"] : []).filter(isObject)) {
        const test = String(condition["test"]);
        conditions[test] = {
          ...conditions[test],
          [String(condition["variable"])]: many(condition["values"]),
        };
      }
      const principals = (Array.isArray(one["principals"]) ? one["principals"] : []).filter(isObject);
      return {
        Effect: one["effect"] ?? "Allow",
        Action: many(one["actions"]),
        Resource: many(one["resources"]),
        ...(principals.length > 0
          ? {
              Principal: Object.fromEntries(
                principals.map((p) => [String(p["type"]), many(p["identifiers"])]),
              ),
            }
          : {}),
        ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
      };
    });
}

/** The statements of a policy attribute: its JSON, or the document data source it is made from; `undefined` if neither is known. */
export function policyStatements(
  terraform: TerraformModel,
  resource: Resource,
  attribute: string,
): readonly ParsedStatement[] | undefined {
  const parsed = parseStatements(resource.values[attribute]);
  if (parsed !== undefined) return parsed;
  const documents = resourcesAt(terraform, resource, attribute, [DOCUMENT]);
  const made = documents.filter((one) => list(one, "source_policy_documents").length === 0);
  if (made.length === 0 || made.length < documents.length) return undefined;
  return made.flatMap(statementsOfDocument);
}

/** The role a function runs as, when this file manages it. */
export function roleOf(terraform: TerraformModel, fn: Resource): Resource | undefined {
  return resourcesAt(terraform, fn, "role", ["aws_iam_role"])[0];
}

function holds(terraform: TerraformModel, holder: Resource, attribute: string, role: Resource): boolean {
  return resourcesAt(terraform, holder, attribute, ["aws_iam_role"]).some(
    (one) => one.address === role.address,
  );
}

/** The policy attachments of the role a function runs as. */
export function attachmentsOf(terraform: TerraformModel, fn: Resource): readonly Resource[] {
  const role = roleOf(terraform, fn);
  return role === undefined ? [] : attachmentsOfRole(terraform, role);
}

function attachmentsOfRole(terraform: TerraformModel, role: Resource): readonly Resource[] {
  return [
    ...ofType(terraform, "aws_iam_role_policy_attachment").filter((one) =>
      holds(terraform, one, "role", role),
    ),
    ...ofType(terraform, "aws_iam_policy_attachment").filter((one) => holds(terraform, one, "roles", role)),
  ];
}

/** Everything the role of a function is allowed: attached policies and inline ones. `undefined` when its role is not in the file. */
export function roleGrants(terraform: TerraformModel, fn: Resource): RoleGrants | undefined {
  const role = roleOf(terraform, fn);
  return role === undefined ? undefined : grantsOfRole(terraform, role);
}

/** Everything a role is allowed and denied: attached policies and inline ones. */
export function grantsOfRole(terraform: TerraformModel, role: Resource): RoleGrants {
  const statements: ParsedStatement[] = [];
  const managed: string[] = [];
  const unreadable: string[] = [];
  const add = (holder: Resource, attribute: string, where: string): void => {
    const parsed = policyStatements(terraform, holder, attribute);
    if (parsed === undefined) unreadable.push(where);
    else statements.push(...parsed);
  };
  for (const attachment of attachmentsOfRole(terraform, role)) {
    const [target] = targetsOf(terraform, attachment, "policy_arn", ["aws_iam_policy"]);
    if (target?.kind === "resource") add(target.resource, "policy", attachment.path);
    else if (target?.kind === "outside" && target.value.startsWith("arn:aws:iam::aws:policy/"))
      managed.push(target.value);
    else unreadable.push(attachment.path);
  }
  for (const inline of ofType(terraform, "aws_iam_role_policy").filter((one) =>
    holds(terraform, one, "role", role),
  ))
    add(inline, "policy", inline.path);
  for (const written of list(role, "inline_policy").filter(isObject)) {
    const parsed = parseStatements(written["policy"]);
    if (parsed !== undefined) statements.push(...parsed);
    else if (isUnresolved(written["policy"])) unreadable.push(role.path);
  }
  for (const arn of list(role, "managed_policy_arns")) {
    if (typeof arn !== "string") continue;
    const policy = referencedPolicy(terraform, arn);
    if (policy !== undefined) add(policy, "policy", role.path);
    else if (arn.startsWith("arn:aws:iam::aws:policy/")) managed.push(arn);
    else unreadable.push(role.path);
  }
  return { statements, managed, unreadable };
}

function referencedPolicy(terraform: TerraformModel, arn: string): Resource | undefined {
  const address = /^\$\{(.+)\.arn\}$/.exec(arn)?.[1];
  return address === undefined ? undefined : at(terraform, address);
}

/** What the role of a function is allowed; nothing when its role is not in the file. */
export function grantsOf(terraform: TerraformModel, fn: Resource): RoleGrants {
  const grants = roleGrants(terraform, fn) ?? { statements: [], managed: [], unreadable: [] };
  return { ...grants, statements: grants.statements.filter((one) => one["Effect"] === "Allow") };
}

/** The exact namespaces a role may write custom metrics to; `*` when no condition bounds it. */
export function grantedNamespaces(grants: RoleGrants): readonly string[] {
  const namespaces = grants.statements
    .filter((statement) => many(statement["Action"]).includes("cloudwatch:PutMetricData"))
    .flatMap((statement) => {
      const condition = isObject(statement["Condition"]) ? statement["Condition"] : {};
      const equals = isObject(condition["StringEquals"]) ? condition["StringEquals"] : undefined;
      return equals === undefined ? ["*"] : many(equals["cloudwatch:namespace"]);
    });
  return [...new Set(namespaces)].sort();
}

/** Environment variables of a function as written in the configuration; `undefined` when known only after apply. */
export function variablesOf(fn: Resource): JsonObject | undefined {
  const environment = list(fn, "environment")[0];
  if (environment === undefined) return {};
  const variables = isObject(environment) ? environment["variables"] : environment;
  if (variables === undefined) return {};
  return isObject(variables) ? variables : undefined;
}
