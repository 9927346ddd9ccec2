import { block, ofType, type Resource, type TerraformModel } from "../../terraform/model";
import { bad, type Finding, GOOD, judged, unknown } from "../finding";
import { grantsOfRole, roleOf } from "../grants";
import type { Rule } from "../rule";
import { mayTrace, TRACE_ACTIONS } from "../trace-grants";

function look(terraform: TerraformModel, fn: Resource): Finding {
  const role = roleOf(terraform, fn);
  if (role === undefined) {
    return unknown(
      "its role is not in this file, and nor are the policies that role holds",
      "check the plan of the stack that owns the role, and acknowledge this with that reason",
    );
  }
  const grants = grantsOfRole(terraform, role);
  const answers = TRACE_ACTIONS.map((action) => mayTrace(terraform, role, grants, action));
  const refused = TRACE_ACTIONS.filter((_, i) => answers[i] === "no");
  if (refused.length > 0) {
    return bad(
      `its role ${role.address} may not ${refused.join(" and ")}`,
      `${TRACE_ACTIONS.join(" and ")} allowed on "*", and denied nowhere`,
      "attach arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess to the role, and look for a Deny or a boundary",
    );
  }
  if (!answers.includes("unknown")) return GOOD;
  const where = grants.unreadable.length > 0 ? grants.unreadable : [role.address];
  return unknown(
    `whether its role may write traces is not in this file (see ${where.join(", ")})`,
    "write the policy with aws_iam_policy_document, or check the state after apply",
  );
}

/** The role of a traced function may write traces. */
export const roleWritesTraces: Rule = {
  id: "role-writes-traces",
  group: "tracing",
  severity: "error",
  statement: "The role of every traced function may write trace segments and telemetry.",
  why: "Lambda accepts Active tracing without these permissions, then drops every segment and says nothing.",
  judge({ terraform }) {
    return ofType(terraform, "aws_lambda_function")
      .filter((fn) => !["PassThrough", undefined].includes(block(fn, "tracing_config")?.["mode"] as string))
      .flatMap((fn) => judged(fn, [look(terraform, fn)]));
  },
};
