import { isUnresolved } from "../terraform/expression";
import { isObject, ofType, type Resource, type TerraformModel } from "../terraform/model";
import { grantsOfRole, many, type ParsedStatement, type RoleGrants } from "./grants";

/** Whether something may be written: by these policies, not by them, or they do not say. */
export type Permission = "yes" | "no" | "unknown";

const ACTION = "cloudwatch:PutMetricData";
const KEY = "cloudwatch:namespace";

/** AWS-managed policies that let their holder write any metric. */
const WRITES_METRICS = /\/(CloudWatch(FullAccess|Agent)|AdministratorAccess|PowerUserAccess)/;

/** AWS-managed policies known to grant no custom metrics: the basic ones of Lambda, X-Ray and storage services. */
const WRITES_NONE =
  /\/(service-role\/)?(AWSLambda|AWSXRay|AmazonDynamoDB|AmazonSQS|AmazonSNS|AmazonS3|AmazonAPIGateway)/;

function wildcard(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, ignoreCase ? "i" : "");
}

function covers(statement: ParsedStatement): Permission {
  if (statement["NotAction"] !== undefined) return "unknown";
  const actions = many(statement["Action"]);
  if (actions.some((one) => wildcard(one, true).test(ACTION))) return "yes";
  return isUnresolved(statement["Action"]) ? "unknown" : "no";
}

/** One condition operator on the namespace; IAM compares case-sensitively unless told otherwise. */
function admits(operator: string, wanted: unknown, namespace: string): Permission {
  const plain = operator.replace(/^(ForAnyValue|ForAllValues):/, "").replace(/IfExists$/, "");
  const values = many(wanted);
  const negated = plain.includes("Not");
  const exact = (one: string) => one === namespace;
  const tests: Readonly<Record<string, (one: string) => boolean>> = {
    StringEquals: exact,
    StringNotEquals: exact,
    StringEqualsIgnoreCase: (one) => one.toLowerCase() === namespace.toLowerCase(),
    StringNotEqualsIgnoreCase: (one) => one.toLowerCase() === namespace.toLowerCase(),
    StringLike: (one) => wildcard(one, false).test(namespace),
    StringNotLike: (one) => wildcard(one, false).test(namespace),
  };
  const test = tests[plain];
  if (test === undefined) return "unknown";
  const matched = values.some((one) => !isUnresolved(one) && test(one));
  if (matched) return negated ? "no" : "yes";
  if (isUnresolved(wanted)) return "unknown";
  return negated ? "yes" : "no";
}

/** Whether a statement, of whatever effect, applies to writing a namespace. */
function applies(statement: ParsedStatement, namespace: string): Permission {
  const covered = covers(statement);
  if (covered !== "yes") return covered;
  const condition = statement["Condition"];
  if (condition === undefined) return "yes";
  if (!isObject(condition)) return "unknown";
  let answer: Permission = "yes";
  for (const [operator, keys] of Object.entries(condition)) {
    for (const [key, wanted] of Object.entries(isObject(keys) ? keys : {})) {
      const admitted = key.toLowerCase() === KEY ? admits(operator, wanted, namespace) : "unknown";
      if (admitted === "no") return "no";
      if (admitted === "unknown") answer = "unknown";
    }
  }
  return answer;
}

/** Whether a role may write custom metrics to a namespace. */
export function mayWrite(grants: RoleGrants, namespace: string): Permission {
  const by = (effect: string) =>
    grants.statements
      .filter((one) => (one["Effect"] ?? "Allow") === effect)
      .map((one) => applies(one, namespace));
  const denied = by("Deny");
  if (denied.includes("yes")) return "no";
  const allowed = by("Allow");
  if (grants.managed.some((arn) => WRITES_METRICS.test(arn))) allowed.push("yes");
  if (grants.managed.some((arn) => !WRITES_METRICS.test(arn) && !WRITES_NONE.test(arn)))
    allowed.push("unknown");
  if (allowed.includes("yes")) return denied.includes("unknown") ? "unknown" : "yes";
  return allowed.includes("unknown") || grants.unreadable.length > 0 ? "unknown" : "no";
}

/** A role of the file and what its policies grant. */
export interface RoleWithGrants {
  readonly role: Resource;
  readonly grants: RoleGrants;
}

const known = new WeakMap<TerraformModel, readonly RoleWithGrants[]>();

/** Every role of a file with its grants. */
export function rolesWithGrants(terraform: TerraformModel): readonly RoleWithGrants[] {
  const before = known.get(terraform);
  if (before !== undefined) return before;
  const roles = ofType(terraform, "aws_iam_role").map((role) => ({
    role,
    grants: grantsOfRole(terraform, role),
  }));
  known.set(terraform, roles);
  return roles;
}

const permissions = new WeakMap<TerraformModel, Map<string, ReadonlyMap<string, Permission>>>();

/** Whether each role of a file, by its address, may write to a namespace. */
export function permissionsOn(terraform: TerraformModel, namespace: string): ReadonlyMap<string, Permission> {
  const byNamespace = permissions.get(terraform) ?? new Map<string, ReadonlyMap<string, Permission>>();
  permissions.set(terraform, byNamespace);
  const before = byNamespace.get(namespace);
  if (before !== undefined) return before;
  const answers = new Map(
    rolesWithGrants(terraform).map(({ role, grants }) => [role.address, mayWrite(grants, namespace)]),
  );
  byNamespace.set(namespace, answers);
  return answers;
}

/** Namespaces that conditions of a role's grants name, in whatever spelling; `*` for a grant without condition. */
export function namedNamespaces(grants: RoleGrants): readonly string[] {
  const named = grants.statements
    .filter((one) => (one["Effect"] ?? "Allow") === "Allow" && covers(one) === "yes")
    .flatMap((one) => {
      if (!isObject(one["Condition"])) return ["*"];
      return Object.values(one["Condition"]).flatMap((keys) =>
        isObject(keys)
          ? Object.entries(keys).flatMap(([key, value]) => (key.toLowerCase() === KEY ? many(value) : []))
          : [],
      );
    });
  return [...new Set(named)].sort();
}
