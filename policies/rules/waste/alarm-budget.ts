import { alarmsIn } from "../alarms";
import { compliant, named, type Rule, violation } from "../rule";

/** Alarms cost money every month; their owner may say how many are worth it. */
export const alarmBudget: Rule = {
  id: "alarm-budget",
  group: "waste",
  severity: "warning",
  statement: "There are no more alarms than the budget allows.",
  why: "Every alarm is billed each month, and the more there are, the less each of them is looked at.",
  judge({ terraform, alarmBudget: most }) {
    const count = alarmsIn(terraform).length;
    if (most === undefined || count === 0) return [];
    if (count <= most) return [compliant(named("alarms"))];
    return [
      violation(named("alarms"), {
        found: `${count} alarms`,
        expected: `at most ${most}, the budget`,
        nextStep: "remove alarms that say the same as others, or raise the budget",
      }),
    ];
  },
};
