import type { TerraformModel } from "../../terraform/model";
import { filterPattern } from "../filter-pattern/filter-pattern";
import { AFTER_APPLY, bad, type Finding, GIVE_KNOWLEDGE, GOOD, judged, unknown } from "../finding";
import type { EmitterKnowledge } from "../knowledge";
import { filtersOf, type MetricFilter } from "../metric-filters";
import type { Rule } from "../rule";
import { metricAlarms, type Series } from "../series";
import { functionNameOf, loggingFunction } from "../watched-function";

function matched(terraform: TerraformModel, filter: MetricFilter, knowledge: EmitterKnowledge): Finding {
  const { resource, pattern } = filter;
  if (pattern === undefined)
    return unknown(`the pattern of ${resource.address} is known only after apply`, AFTER_APPLY);
  const read = filterPattern(pattern);
  if (read.kind === "invalid") return undefined;
  const fn = loggingFunction(terraform, resource);
  const lines = fn === undefined ? [] : (knowledge.functions[functionNameOf(fn)]?.logLines ?? []);
  if (read.kind === "opaque" || lines.length === 0) {
    const what =
      read.kind === "opaque" ? "its pattern is not evaluated" : "no known line is in its log group";
    return unknown(`whether ${resource.address} ever matches is not known: ${what}`, GIVE_KNOWLEDGE);
  }
  if (lines.some(read.matches)) return GOOD;
  return bad(
    `${resource.address} looks for ${pattern}, and none of the ${lines.length} known lines in that log group matches`,
    "a pattern that matches a line the function writes",
    "correct the pattern, or add the line to the knowledge file when the function does write it",
  );
}

function look(terraform: TerraformModel, series: Series, knowledge: EmitterKnowledge | undefined): Finding {
  const filters = filtersOf(terraform, series);
  if (filters.length === 0) return undefined;
  if (knowledge === undefined) {
    return unknown(
      `whether any log line matches ${filters.map((one) => one.resource.address).join(", ")} is not in a Terraform file`,
      GIVE_KNOWLEDGE,
    );
  }
  const findings = filters.map((one) => matched(terraform, one, knowledge));
  return (
    findings.find((one) => one?.kind === "good") ??
    findings.find((one) => one?.kind === "unknown") ??
    findings.find((one) => one !== undefined)
  );
}

/** Alarms on log metrics have a filter that matches what is logged. */
export const filterMatchesLogs: Rule = {
  id: "filter-matches-logs",
  group: "cannot-fire",
  severity: "error",
  statement: "Every log filter an alarm relies on matches a line that is written.",
  why: "A pattern that matches nothing counts nothing: the alarm stays green while the log fills with errors.",
  judge({ terraform, promises, knowledge }) {
    if (promises !== undefined && knowledge === undefined) return [];
    return metricAlarms(terraform).flatMap((alarm) =>
      judged(
        alarm.resource,
        alarm.series.map((series) => look(terraform, series, knowledge)),
      ),
    );
  },
};
