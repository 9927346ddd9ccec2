import { list, ofType } from "../terraform/model";
import type { Rule, Violation } from "./rule";

const INLINE_TYPES = ["aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"];

function inline(path: string): Violation {
  return {
    path,
    found: "an inline policy",
    expected: "an aws_iam_policy joined by an aws_iam_role_policy_attachment",
    nextStep: "move the statements to a customer-managed policy and attach it",
  };
}

/** Policies are customer-managed and attached, never inline (IAM-2). */
export const noInlinePolicy: Rule = {
  id: "no-inline-policy",
  statement: "Permissions live in customer-managed policies that are attached to roles.",
  why: "An inline policy has no version, cannot be audited on its own and escapes drift detection.",
  check({ terraform }) {
    const resources = INLINE_TYPES.flatMap((type) => ofType(terraform, type)).map((one) => inline(one.path));
    const blocks = ofType(terraform, "aws_iam_role")
      .filter((role) => list(role, "inline_policy").length > 0)
      .map((role) => inline(role.path));
    return [...resources, ...blocks];
  },
};
