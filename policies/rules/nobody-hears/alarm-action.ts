import { UNKNOWN } from "../../terraform/expression";
import { list } from "../../terraform/model";
import { alarmsIn, nameOf } from "../alarms";
import { compositesIn } from "../composites";
import { AFTER_APPLY } from "../finding";
import { compliant, type Judgement, type Rule, type RuleInput, undecided, violation } from "../rule";

/** Alarms that composites with actions combine: they are heard through those. Our own stacks promise more. */
function heardThroughComposites({ terraform, promises }: RuleInput): ReadonlySet<string> {
  if (promises !== undefined) return new Set();
  const paging = compositesIn(terraform).filter((one) => list(one.resource, "alarm_actions").length > 0);
  return new Set(paging.flatMap((one) => one.children.flatMap((child) => child.alarm?.address ?? [])));
}

/** Alarms that only hold back the actions of composites. */
function suppressors({ terraform }: RuleInput): ReadonlySet<string> {
  const named = compositesIn(terraform).flatMap(({ resource }) => {
    const written = JSON.stringify(list(resource, "actions_suppressor"));
    const referenced = resource.references["actions_suppressor"] ?? [];
    return alarmsIn(terraform)
      .filter((one) => referenced.includes(one.address) || written.includes(`"${nameOf(one)}"`))
      .map((one) => one.address);
  });
  return new Set(named);
}

/** Last link of the chain: every alarm does something when it fires. */
export const alarmAction: Rule = {
  id: "alarm-action",
  group: "nobody-hears",
  severity: "error",
  statement: "Every alarm has an action for the ALARM state, or is part of a composite alarm that has one.",
  why: "An alarm without a listener costs the same as one that wakes somebody.",
  judge(input) {
    const heard = new Set([...heardThroughComposites(input), ...suppressors(input)]);
    return alarmsIn(input.terraform).map((alarm): Judgement => {
      const actions = list(alarm, "alarm_actions");
      if (alarm.values["alarm_actions"] === UNKNOWN && !heard.has(alarm.address))
        return undecided(
          alarm,
          "alarm_actions, and whether there are any, is known after apply",
          AFTER_APPLY,
        );
      if (actions.length > 0 || heard.has(alarm.address)) return compliant(alarm);
      return violation(alarm, {
        found: `${nameOf(alarm)} has no alarm_actions`,
        expected: "at least one topic or other action",
        nextStep: "set alarm_actions to the operations topic",
      });
    });
  },
};
