import { isUnresolved, referencesIn } from "../../terraform/expression";
import { ofType, type TerraformModel, text } from "../../terraform/model";
import { alarmsIn, nameOf } from "../alarms";
import { compliant, type Rule, undecided, violation } from "../rule";

/** Everything the dashboards of a file name: expressions and text together. */
function boards(terraform: TerraformModel): {
  readonly named: ReadonlySet<string>;
  readonly bodies: readonly string[];
  readonly hidden: boolean;
} {
  const all = ofType(terraform, "aws_cloudwatch_dashboard");
  const named = all.flatMap((board) => [
    ...referencesIn(board.values["dashboard_body"]),
    ...(board.references["dashboard_body"] ?? []),
  ]);
  const bodies = all.map((board) => text(board, "dashboard_body") ?? "");
  return {
    named: new Set(named),
    bodies,
    hidden: bodies.some((body) => !body.includes("{") || (isUnresolved(body) && !body.startsWith("{"))),
  };
}

/** Fourth link of the chain: the board shows every alarm (DSH-1). */
export const alarmOnBoard: Rule = {
  id: "alarm-on-board",
  group: "waste",
  severity: "warning",
  statement: "Every alarm is on a dashboard.",
  why: "During an incident people look at the board; an alarm that is not on it is not looked at (DSH-1).",
  judge({ terraform }) {
    const { named, bodies, hidden } = boards(terraform);
    return alarmsIn(terraform).map((alarm) => {
      const arn = text(alarm, "arn");
      const shown =
        named.has(alarm.address) ||
        bodies.some(
          (body) =>
            (arn !== undefined && body.includes(`"${arn}"`)) || body.includes(`:alarm:${nameOf(alarm)}"`),
        );
      if (shown) return compliant(alarm);
      if (hidden) {
        return undecided(
          alarm,
          "the body of a dashboard is known only after apply",
          "name the alarm by reference in dashboard_body, or check the state after apply",
        );
      }
      return violation(alarm, {
        found: `no dashboard widget shows ${nameOf(alarm)}`,
        expected: "its ARN in an alarm widget",
        nextStep: "add the alarm's ARN to an alarm widget of a dashboard",
      });
    });
  },
};
