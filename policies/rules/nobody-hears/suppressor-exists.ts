import { isUnresolved, referencesIn } from "../../terraform/expression";
import { block, type Resource, type TerraformModel, text } from "../../terraform/model";
import { at } from "../../terraform/targets";
import { alarmsIn } from "../alarms";
import { type Composite, compositesIn } from "../composites";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";

const ARN = /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/;

function byReference(terraform: TerraformModel, resource: Resource, value: unknown): Finding {
  const named = [...referencesIn(value), ...(resource.references["actions_suppressor"] ?? [])];
  const here = named.some((one) => at(terraform, one)?.type.startsWith("aws_cloudwatch_"));
  return here ? GOOD : unknown("its suppressor is known only after apply", AFTER_APPLY);
}

function look(terraform: TerraformModel, { resource, children }: Composite): Finding {
  const value = block(resource, "actions_suppressor")?.["alarm"];
  if (value === undefined && !isUnresolved(resource.values["actions_suppressor"])) return undefined;
  if (typeof value !== "string" || isUnresolved(value)) return byReference(terraform, resource, value);
  const name = ARN.exec(value)?.[1] ?? value;
  const names = alarmsIn(terraform).flatMap((one) => text(one, "alarm_name") ?? []);
  if (names.includes(name)) return GOOD;
  const close = names.find((one) => one.toLowerCase() === name.toLowerCase());
  const ownAlarms = children.some((one) => one.alarm !== undefined);
  if (close !== undefined || (ownAlarms && !ARN.test(value))) {
    return bad(
      `its actions wait for the suppressor ${name}, an alarm that this file does not manage`,
      close ?? "the name of an alarm of this file, or the ARN of one of another stack",
      "refer to the alarm instead of writing its name: ${aws_cloudwatch_metric_alarm.….alarm_name}",
    );
  }
  return unknown(
    `its suppressor ${name} is an alarm that this file does not manage`,
    "check the plan of the stack that owns the alarm, and acknowledge this with that reason",
  );
}

/** Suppressors of composite alarms exist. */
export const suppressorExists: Rule = {
  id: "suppressor-exists",
  group: "nobody-hears",
  severity: "error",
  statement: "Every suppressor of a composite alarm is an alarm that exists.",
  why: "A suppressor that is not there suppresses nothing, or AWS refuses the composite and nobody is paged.",
  judge({ terraform }) {
    return compositesIn(terraform).flatMap((one) => judged(one.resource, [look(terraform, one)]));
  },
};
