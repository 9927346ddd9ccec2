import { isUnresolved } from "../terraform/expression";
import type { Resource, TerraformModel } from "../terraform/model";
import { targetsOf } from "../terraform/targets";
import { many, type ParsedStatement, policyStatements, type RoleGrants } from "./grants";
import { type Answer, allows, conditionsOf, coversAction, every, some } from "./iam-match";

/** Without either of these nothing of a trace arrives. */
export const TRACE_ACTIONS = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"] as const;

/** AWS-managed policies that grant both actions. */
const WRITES =
  /\/(AWSXRayDaemonWriteAccess|AWSXrayWriteOnlyAccess|AWSXrayFullAccess|AdministratorAccess|PowerUserAccess|CloudWatchAgentServerPolicy)$/;

/** AWS-managed policies that grant neither: what Lambda, log and data services need, and reading traces. */
const WRITES_NONE =
  /\/(service-role\/)?(AWSLambda\w*(ExecutionRole|Access|Role)|AWSLambda_(FullAccess|ReadOnlyAccess)|AWSXrayReadOnlyAccess|AmazonDynamoDB|AmazonSQS|AmazonSNS|AmazonS3|AmazonSSMReadOnlyAccess|SecretsManagerReadWrite|CloudWatchLogs|CloudWatchLambdaInsights|ReadOnlyAccess)/;

/** X-Ray's write actions know no resource but `*`; a grant on anything else grants nothing. */
function onEverything(statement: ParsedStatement): Answer {
  if (statement["NotResource"] !== undefined) return "unknown";
  const resources = many(statement["Resource"]);
  if (resources.includes("*")) return "yes";
  return resources.length === 0 || isUnresolved(resources) ? "unknown" : "no";
}

function applies(statement: ParsedStatement, action: string): Answer {
  const conditional: Answer = conditionsOf(statement).length > 0 ? "unknown" : "yes";
  return every([coversAction(statement, action), onEverything(statement), conditional]);
}

function granted(statements: readonly ParsedStatement[], action: string): Answer {
  return some(statements.filter(allows).map((one) => applies(one, action)));
}

/** What the boundary of a role leaves of an action. */
function within(terraform: TerraformModel, role: Resource, action: string): Answer {
  const [boundary] = targetsOf(terraform, role, "permissions_boundary", ["aws_iam_policy"]);
  if (boundary === undefined || (boundary.kind === "outside" && boundary.value === "")) return "yes";
  if (boundary.kind !== "resource") return "unknown";
  const statements = policyStatements(terraform, boundary.resource, "policy");
  return statements === undefined ? "unknown" : granted(statements, action);
}

/** Whether a role may do one of {@link TRACE_ACTIONS}, everything considered: policies, denials, its boundary. */
export function mayTrace(
  terraform: TerraformModel,
  role: Resource,
  grants: RoleGrants,
  action: string,
): Answer {
  const denied = some(grants.statements.filter((one) => !allows(one)).map((one) => applies(one, action)));
  if (denied === "yes") return "no";
  const managed = grants.managed.map((arn): Answer => {
    if (WRITES.test(arn)) return "yes";
    return WRITES_NONE.test(arn) ? "no" : "unknown";
  });
  const hidden = grants.unreadable.map((): Answer => "unknown");
  const allowed = some([granted(grants.statements, action), ...managed, ...hidden]);
  // A policy nobody can read here could still deny; a plan that grants is taken at its word.
  return every([allowed, denied === "unknown" ? "unknown" : "yes", within(terraform, role, action)]);
}
