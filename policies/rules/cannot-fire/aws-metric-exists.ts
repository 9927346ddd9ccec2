import { awsMetric, awsNamespace, isAwsNamespace } from "../../aws-metrics";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";
import { metricAlarms, type Series } from "../series";

/** Names that differ only in letters people mix up: case, digits as words, `Error` for `Count`. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const reduced = (one: string) =>
    one
      .toLowerCase()
      .replace(/(error|count)s?$/, "")
      .replace(/[^a-z0-9]/g, "");
  return known.find((one) => reduced(one) === reduced(name));
}

function look(series: Series): Finding {
  const { namespace, name } = series;
  if (!isAwsNamespace(namespace)) return undefined;
  const table = awsNamespace(namespace);
  if (table === undefined) {
    return unknown(
      `${namespace} is not in the table of AWS metrics`,
      "compare the name with the service's documentation, and acknowledge this with that reason",
    );
  }
  if (awsMetric(namespace, name) !== undefined) return GOOD;
  const names = table.metrics.map((one) => one.name);
  const close = nearest(name, names);
  if (table.toBeVerified) {
    return unknown(
      `${name} is not among the known metrics of ${namespace}, a list that may be incomplete`,
      "look for it with `aws cloudwatch list-metrics`",
    );
  }
  return bad(
    `${namespace} has no metric ${name}`,
    close === undefined
      ? `one of ${names.slice(0, 6).join(", ")}, … (${table.source}, as of ${table.checked})`
      : `${close}, as AWS spells it (${table.source}, as of ${table.checked})`,
    close === undefined ? "correct metric_name, or remove the alarm" : `set metric_name = "${close}"`,
  );
}

/** Metrics of AWS namespaces have the names AWS gave them. */
export const awsMetricExists: Rule = {
  id: "aws-metric-exists",
  group: "cannot-fire",
  severity: "error",
  statement: "Every metric watched in an AWS namespace is one the service publishes.",
  why: "CloudWatch accepts any name; an alarm on a metric that does not exist never gets a datapoint.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) =>
      judged(alarm.resource, [
        ...alarm.series.map(look),
        ...alarm.unknown.map((what) => unknown(`${what} is known only after apply`, AFTER_APPLY)),
      ]),
    );
  },
};
