import { list } from "../../terraform/model";
import { alarmsIn, nameOf } from "../alarms";
import { compliant, type Rule, violation } from "../rule";

/** Last link of the chain: every alarm does something when it fires. */
export const alarmAction: Rule = {
  id: "alarm-action",
  group: "nobody-hears",
  severity: "error",
  statement: "Every alarm has an action for the ALARM state.",
  why: "An alarm without a listener costs the same as one that wakes somebody.",
  judge({ terraform }) {
    return alarmsIn(terraform).map((alarm) =>
      list(alarm, "alarm_actions").length > 0
        ? compliant(alarm)
        : violation(alarm, {
            found: `${nameOf(alarm)} has no alarm_actions`,
            expected: "at least one topic or other action",
            nextStep: "set alarm_actions to the operations topic",
          }),
    );
  },
};
