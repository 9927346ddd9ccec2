import { referencesIn } from "../../terraform/expression";
import { ofType } from "../../terraform/model";
import { alarmsIn } from "../alarms";
import { compliant, type Rule, violation } from "../rule";

const ALARM_ADDRESS = /(^|\.)aws_cloudwatch_(metric|composite)_alarm\./;

/** A board that names alarms which do not exist shows nothing where people look. */
export const boardWidgetMatches: Rule = {
  id: "board-widget-matches",
  group: "waste",
  severity: "warning",
  statement: "Every alarm a dashboard names exists.",
  why: "A widget for something that is not there stays empty, and empty looks like quiet.",
  judge({ terraform }) {
    const known = new Set(alarmsIn(terraform).map((alarm) => alarm.address));
    return ofType(terraform, "aws_cloudwatch_dashboard").map((board) => {
      const gone = referencesIn(board.values["dashboard_body"]).filter(
        (address) => ALARM_ADDRESS.test(address) && !known.has(address),
      );
      if (gone.length === 0) return compliant(board);
      return violation(board, {
        found: `a widget names ${gone.join(", ")}, which does not exist`,
        expected: "only alarms of this configuration",
        nextStep: "remove it from the board",
      });
    });
  },
};
