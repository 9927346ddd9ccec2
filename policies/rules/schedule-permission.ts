import { list, ofType, referencesIn } from "../terraform/model";
import type { Rule } from "./rule";

/** EventBridge may invoke a function before its rule starts to fire (CAN-11). */
export const schedulePermission: Rule = {
  id: "schedule-permission",
  statement: "Every scheduled rule depends on the permission to invoke its target.",
  why: "A rule that fires before its permission exists fails in silence until the next apply.",
  check({ terraform }) {
    const permissions = ofType(terraform, "aws_lambda_permission").map((permission) => permission.address);
    const targets = ofType(terraform, "aws_cloudwatch_event_target");
    return ofType(terraform, "aws_cloudwatch_event_rule")
      .filter((rule) => typeof rule.values["schedule_expression"] === "string")
      .filter((rule) => targets.some((target) => referencesIn(target.values["rule"]).includes(rule.address)))
      .filter((rule) => !list(rule, "depends_on").some((one) => permissions.includes(String(one))))
      .map((rule) => ({
        path: rule.path,
        found: "depends_on names no aws_lambda_permission",
        expected: "the permission that lets events.amazonaws.com invoke the target",
        nextStep: "add it to depends_on, or use Schedule",
      }));
  },
};
