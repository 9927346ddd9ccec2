import { isUnresolved, referencesIn } from "../../terraform/expression";
import { ofType, type Resource, type TerraformModel, text } from "../../terraform/model";
import { alarmsIn, nameOf } from "../alarms";
import { metricFilters } from "../metric-filters";
import { permissionsOn } from "../namespace-grants";
import { compliant, type Rule, undecided, violation } from "../rule";
import { literalAlarms, type WidgetMetric, widgetMetrics, widgetsOf } from "./widgets";

const ALARM_ADDRESS = /(^|\.)aws_cloudwatch_(metric|composite)_alarm\./;

function missingAlarms(terraform: TerraformModel, board: Resource): readonly string[] {
  const alarms = alarmsIn(terraform);
  if (alarms.length === 0) return [];
  const names = alarms.map(nameOf);
  const addresses = alarms.map((alarm) => alarm.address);
  const referenced = referencesIn(board.values["dashboard_body"]).filter(
    (address) => ALARM_ADDRESS.test(address) && !addresses.includes(address),
  );
  const literal = (widgetsOf(board) ?? []).flatMap(literalAlarms).filter((name) => !names.includes(name));
  return [...referenced, ...literal].map((name) => `the alarm ${name}`);
}

/** Why nothing in the file can fill a row, or `undefined`. */
function emptyRow(terraform: TerraformModel, metric: WidgetMetric): string | undefined {
  if (isUnresolved([metric.namespace, metric.name, metric.dimensions])) return undefined;
  const shown = `${metric.namespace} ${metric.name}`;
  const fn = metric.dimensions["FunctionName"];
  const functions = ofType(terraform, "aws_lambda_function").map((one) => text(one, "function_name"));
  if (metric.namespace === "AWS/Lambda" && fn !== undefined) {
    const known = functions.length === 0 || functions.includes(fn) || functions.some(isUnresolved);
    return known ? undefined : `${shown} of the function ${fn}, which is not there`;
  }
  if (metric.namespace.startsWith("AWS/") || functions.length === 0) return undefined;
  if (metricFilters(terraform).some((one) => one.namespace === metric.namespace)) return undefined;
  const permissions = [...permissionsOn(terraform, metric.namespace).values()];
  const refused = permissions.length > 0 && permissions.every((one) => one === "no");
  return refused ? `${shown}, which no role may write` : undefined;
}

/** A board that names what does not exist shows nothing where people look. */
export const boardWidgetMatches: Rule = {
  id: "board-widget-matches",
  group: "waste",
  severity: "warning",
  statement: "Every alarm and metric a dashboard names exists.",
  why: "A widget for something that is not there stays empty, and empty looks like quiet.",
  judge({ terraform }) {
    return ofType(terraform, "aws_cloudwatch_dashboard").map((board) => {
      const widgets = widgetsOf(board);
      const rows = (widgets ?? []).flatMap(widgetMetrics).flatMap((one) => emptyRow(terraform, one) ?? []);
      const gone = [...new Set([...missingAlarms(terraform, board), ...rows])];
      if (gone.length > 0) {
        return violation(board, {
          found: `a widget shows ${gone.join("; ")}`,
          expected: "only alarms and metrics of this configuration",
          nextStep: "correct the name, or remove it from the board",
        });
      }
      if (widgets !== undefined) return compliant(board);
      return undecided(
        board,
        "the body of the dashboard is known only after apply",
        "give --configuration, or check the state after apply",
      );
    });
  },
};
