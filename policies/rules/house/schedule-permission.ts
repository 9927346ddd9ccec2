import { list, ofType } from "../../terraform/model";
import { resourcesAt } from "../../terraform/targets";
import { compliant, type Rule, violation } from "../rule";

const RULE = "aws_cloudwatch_event_rule";

/** EventBridge may invoke a function before its rule starts to fire (CAN-11). */
export const schedulePermission: Rule = {
  id: "schedule-permission",
  group: "house",
  severity: "error",
  statement: "Every scheduled rule depends on the permission to invoke its target.",
  why: "A rule that fires before its permission exists fails in silence until the next apply.",
  judge({ terraform }) {
    const permissions = ofType(terraform, "aws_lambda_permission").map((permission) => permission.address);
    const targeted = new Set(
      ofType(terraform, "aws_cloudwatch_event_target").flatMap((target) =>
        resourcesAt(terraform, target, "rule", [RULE]).map((rule) => rule.address),
      ),
    );
    return ofType(terraform, RULE)
      .filter((rule) => typeof rule.values["schedule_expression"] === "string" && targeted.has(rule.address))
      .map((rule) =>
        list(rule, "depends_on").some((one) => permissions.includes(String(one)))
          ? compliant(rule)
          : violation(rule, {
              found: "depends_on names no aws_lambda_permission",
              expected: "the permission that lets events.amazonaws.com invoke the target",
              nextStep: "add it to depends_on, or use Schedule",
            }),
      );
  },
};
