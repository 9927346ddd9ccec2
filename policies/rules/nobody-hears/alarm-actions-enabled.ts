import { unresolved } from "../../terraform/model";
import { alarmsIn, nameOf } from "../alarms";
import { AFTER_APPLY } from "../finding";
import { compliant, type Judgement, type Rule, undecided, violation } from "../rule";

/** Actions that are switched off page nobody. */
export const alarmActionsEnabled: Rule = {
  id: "alarm-actions-enabled",
  group: "nobody-hears",
  severity: "error",
  statement: "No alarm has its actions switched off.",
  why: "A disabled alarm is billed, changes colour on the board, and wakes nobody.",
  judge({ terraform }) {
    return alarmsIn(terraform).map((alarm): Judgement => {
      if (unresolved(alarm, "actions_enabled"))
        return undecided(alarm, "actions_enabled is known only after apply", AFTER_APPLY);
      if (String(alarm.values["actions_enabled"]) !== "false") return compliant(alarm);
      return violation(alarm, {
        found: `${nameOf(alarm)} has actions_enabled = false`,
        expected: "actions_enabled = true, or no alarm",
        nextStep: "remove actions_enabled = false; to silence for a while use a suppressor composite",
      });
    });
  },
};
