import {
  isObject,
  type JsonObject,
  list,
  ofType,
  type Resource,
  referencesIn,
  type TerraformModel,
  text,
} from "../terraform/model";

/** A statement of a policy document, as parsed. */
export type ParsedStatement = JsonObject;

/** The statements a function's role holds, and the policies that could not be read. */
export interface RoleGrants {
  readonly statements: readonly ParsedStatement[];
  /** Attachments whose policy is managed elsewhere or known only after apply. */
  readonly unreadable: readonly string[];
}

/** The elements of an IAM field that may be a string or a list. */
export function many(value: unknown): readonly string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === "string");
}

/** The statements of a JSON policy document; `undefined` when it does not parse. */
export function parseStatements(document: string | undefined): readonly ParsedStatement[] | undefined {
  if (document === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(document);
    const statements = isObject(parsed) ? parsed["Statement"] : undefined;
    return (Array.isArray(statements) ? statements : [statements]).filter(isObject);
  } catch {
    return undefined;
  }
}

/** The policy attachments of the role a function runs as. */
export function attachmentsOf(terraform: TerraformModel, fn: Resource): readonly Resource[] {
  const [role] = referencesIn(fn.values["role"]);
  if (role === undefined) return [];
  return ofType(terraform, "aws_iam_role_policy_attachment").filter((attachment) =>
    referencesIn(attachment.values["role"]).includes(role),
  );
}

/** Everything the role of a function is allowed, through customer-managed policies attached to it. */
export function grantsOf(terraform: TerraformModel, fn: Resource): RoleGrants {
  const statements: ParsedStatement[] = [];
  const unreadable: string[] = [];
  for (const attachment of attachmentsOf(terraform, fn)) {
    const [policyAddress] = referencesIn(attachment.values["policy_arn"]);
    const policy = terraform.resources.find((resource) => resource.address === policyAddress);
    const parsed = policy === undefined ? undefined : parseStatements(text(policy, "policy"));
    if (parsed === undefined) unreadable.push(attachment.path);
    else statements.push(...parsed.filter((statement) => statement["Effect"] === "Allow"));
  }
  return { statements, unreadable };
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

/** Environment variables of a function as written in the configuration. */
export function variablesOf(fn: Resource): JsonObject {
  const environment = list(fn, "environment")[0];
  const variables = isObject(environment) ? environment["variables"] : undefined;
  return isObject(variables) ? variables : {};
}
