import { list, ofType } from "../../terraform/model";
import { compliant, type Rule, violation } from "../rule";

const INLINE_TYPES = ["aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"];

const INLINE = {
  found: "an inline policy",
  expected: "an aws_iam_policy joined by an aws_iam_role_policy_attachment",
  nextStep: "move the statements to a customer-managed policy and attach it",
};

/** Policies are customer-managed and attached, never inline (IAM-2). */
export const noInlinePolicy: Rule = {
  id: "no-inline-policy",
  group: "house",
  severity: "error",
  statement: "Permissions live in customer-managed policies that are attached to roles.",
  why: "An inline policy has no version, cannot be audited on its own and escapes drift detection.",
  judge({ terraform }) {
    return [
      ...INLINE_TYPES.flatMap((type) => ofType(terraform, type)).map((one) => violation(one, INLINE)),
      ...ofType(terraform, "aws_iam_role").map((role) =>
        list(role, "inline_policy").length > 0 ? violation(role, INLINE) : compliant(role),
      ),
    ];
  },
};
