import { ofType, referencesIn } from "../terraform/model";
import { alarmsIn, nameOf } from "./alarms";
import type { Rule } from "./rule";

/** Fourth link: the board shows every alarm, and nothing that is not there. */
export const chainWidget: Rule = {
  id: "chain-widget",
  statement: "Every alarm is on a dashboard, and every alarm a dashboard names exists.",
  why: "During an incident people look at the board; an alarm that is not on it is not looked at (DSH-1).",
  check({ terraform }) {
    const shown = new Set(
      ofType(terraform, "aws_cloudwatch_dashboard").flatMap((board) =>
        referencesIn(board.values["dashboard_body"]),
      ),
    );
    const alarms = alarmsIn(terraform);
    const hidden = alarms
      .filter((alarm) => !shown.has(alarm.address))
      .map((alarm) => ({
        path: alarm.path,
        found: `no dashboard widget shows ${nameOf(alarm)}`,
        expected: "its ARN in an alarm widget",
        nextStep: "build the board with modules/dashboard.ts, which takes the alarms from the construct tree",
      }));
    const known = new Set(alarms.map((alarm) => alarm.address));
    const empty = [...shown]
      .filter((address) => /^aws_cloudwatch_(metric|composite)_alarm\./.test(address) && !known.has(address))
      .map((address) => ({
        path: address,
        found: "a dashboard widget names this alarm, which does not exist",
        expected: "only alarms of this configuration",
        nextStep: "remove it from the board",
      }));
    return [...hidden, ...empty];
  },
};
