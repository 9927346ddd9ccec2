import type { Resource, TerraformModel } from "../../terraform/model";
import { alarmsWhenHigh } from "../comparison";
import { bad, type Finding, GIVE_KNOWLEDGE, GOOD, judged, unknown } from "../finding";
import { serverErrorAlarms } from "../front-doors";
import type { EmitterKnowledge } from "../knowledge";
import type { Rule } from "../rule";
import { metricAlarms, type Series } from "../series";
import { functionNameOf, watchedFunction } from "../watched-function";

/** An alarm on crashes is sound beside one on the 5xx that everything else becomes. */
function answered(terraform: TerraformModel, fn: Resource | undefined, name: string): Finding {
  if (fn !== undefined && serverErrorAlarms(terraform, fn).length > 0) return GOOD;
  return bad(
    `the handler of ${name} answers errors with 5xx, and no alarm watches the 5xx of what is in front of it`,
    "an alarm on 5XXError of its API or Url5xxCount of its URL",
    "add that alarm, or rethrow in the handler (D6)",
  );
}

function look(terraform: TerraformModel, series: Series, knowledge: EmitterKnowledge | undefined): Finding {
  if (series.namespace !== "AWS/Lambda" || series.name !== "Errors") return undefined;
  const fn = watchedFunction(terraform, series);
  const written = series.dimensions["FunctionName"];
  const name = fn === undefined ? (typeof written === "string" ? written : undefined) : functionNameOf(fn);
  if (name === undefined) return undefined;
  const known = knowledge?.functions[name];
  if (known?.handlerErrors === "caught") {
    return bad(
      `the handler of ${name} catches everything: its Errors count crashes and timeouts only`,
      "a handler that records the error and throws it again",
      "rethrow in the handler, or alarm on a metric the handler emits when it fails (D6)",
    );
  }
  if (known?.handlerErrors === "answered") return answered(terraform, fn, name);
  if (known !== undefined) return GOOD;
  if (fn === undefined) return undefined;
  return unknown(
    `whether errors in the handler of ${name} reach Lambda is not in a Terraform file`,
    GIVE_KNOWLEDGE,
  );
}

/** Errors that are caught and answered never reach the Errors metric (D6). */
export const errorsReachLambda: Rule = {
  id: "errors-reach-lambda",
  group: "cannot-fire",
  severity: "warning",
  statement:
    "Every alarm on the Errors of a function watches one whose handler lets errors through, or answers them with a 5xx that another alarm watches.",
  why: "A handler that catches everything and returns a status has succeeded, as far as Lambda can tell (D6).",
  judge({ terraform, promises, knowledge }) {
    if (promises !== undefined && knowledge === undefined) return [];
    return metricAlarms(terraform)
      .filter(alarmsWhenHigh)
      .flatMap((alarm) =>
        judged(
          alarm.resource,
          alarm.series.map((series) => look(terraform, series, knowledge)),
        ),
      );
  },
};
