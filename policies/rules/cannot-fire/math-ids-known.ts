import { isObject, list } from "../../terraform/model";
import { bad, type Finding, GOOD, judged } from "../finding";
import type { Rule } from "../rule";
import { type MetricAlarm, metricAlarms } from "../series";

/** Ids of CloudWatch start with a small letter; functions of metric math are written in capitals. */
function idsIn(expression: string): readonly string[] {
  const bare = expression.replace(/"[^"]*"|'[^']*'/g, "");
  return [
    ...new Set([...bare.matchAll(/(?<![\w.])([a-z][A-Za-z0-9_]*)/g)].map((match) => match[1] as string)),
  ];
}

function look({ resource, expressions, series }: MetricAlarm): readonly Finding[] {
  if (expressions.length === 0) return [];
  const known = new Set([...expressions.map((one) => one.id), ...series.map((one) => one.id)]);
  const queries = list(resource, "metric_query").filter(isObject);
  const outputs = queries.filter((one) => one["return_data"] === true);
  const findings: Finding[] = expressions
    .filter(({ expression }) => !/^\s*SELECT\b/i.test(expression) && !expression.includes("${"))
    .map(({ id, expression }) => {
      const strange = idsIn(expression).filter((one) => !known.has(one));
      if (strange.length === 0) return GOOD;
      return bad(
        `the expression ${id} uses ${strange.join(", ")}, which no metric_query defines`,
        `only ids of this alarm: ${[...known].filter((one) => one !== id).join(", ")}`,
        "correct the id in the expression, or add the metric_query",
      );
    });
  const states = queries.every((one) => typeof one["return_data"] !== "string");
  const band = (resource.values["threshold_metric_id"] ?? "") !== "";
  if (states && !band && outputs.length !== 1) {
    findings.push(
      bad(
        `${outputs.length} metric_query blocks have return_data = true`,
        "exactly one, whose values are compared with the threshold",
        "set return_data = true on the result and leave it off the others",
      ),
    );
  }
  return findings;
}

/** Metric math adds up: every id is defined and exactly one result is compared. */
export const mathIdsKnown: Rule = {
  id: "math-ids-known",
  group: "cannot-fire",
  severity: "error",
  statement: "Every metric-math alarm uses ids it defines and returns exactly one of them.",
  why: "CloudWatch refuses the alarm at apply, after everything before it has been changed.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) => judged(alarm.resource, look(alarm)));
  },
};
