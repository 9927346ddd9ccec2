import { list, type Resource, type TerraformModel } from "../../terraform/model";
import { type Target, targetsOfValue } from "../../terraform/targets";
import { alarmsIn } from "../alarms";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";

const ACTIONS = ["alarm_actions", "ok_actions", "insufficient_data_actions"];

function compare(alarm: Resource, region: string | undefined, what: string): Finding {
  if (region === undefined || alarm.region === undefined)
    return unknown(`the region of ${region === undefined ? what : "its provider"} is not known`, AFTER_APPLY);
  if (region === alarm.region) return GOOD;
  return bad(
    `it is made in ${alarm.region}, and its action ${what} is in ${region}`,
    `a topic in ${alarm.region}`,
    "make a topic with the alarm's own provider and subscribe the same people to it",
  );
}

/** Whether one thing an alarm acts on is in the region of the alarm. */
export function lookAtRegion(alarm: Resource, target: Target): Finding {
  if (target.kind === "resource") return compare(alarm, target.resource.region, target.resource.address);
  // Actions on instances, scaling policies and functions are always in the alarm's region, or AWS refuses them.
  if (target.kind === "unknown")
    return unknown("one of its actions is known only after apply, and with it the region", AFTER_APPLY);
  const [, , service, region] = target.value.split(":");
  return service === "sns" ? compare(alarm, region, target.value) : undefined;
}

function look(terraform: TerraformModel, alarm: Resource, action: unknown): readonly Finding[] {
  return targetsOfValue(terraform, action, ["aws_sns_topic"]).map((target) => lookAtRegion(alarm, target));
}

/** Alarms act in their own region only. */
export const actionInRegion: Rule = {
  id: "action-in-region",
  group: "nobody-hears",
  severity: "error",
  statement: "Every topic an alarm publishes to is in the region of the alarm.",
  why: "CloudWatch does not publish across regions: alarms on charges live in us-east-1, people's topics seldom do.",
  judge({ terraform }) {
    return alarmsIn(terraform).flatMap((alarm) =>
      judged(
        alarm,
        ACTIONS.flatMap((attribute) => list(alarm, attribute)).flatMap((action) =>
          look(terraform, alarm, action),
        ),
      ),
    );
  },
};
