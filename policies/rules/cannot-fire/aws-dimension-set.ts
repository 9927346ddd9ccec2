import { awsMetric, awsNamespace } from "../../aws-metrics";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";
import { describeSeries, metricAlarms, type Series } from "../series";

function described(sets: readonly (readonly string[])[]): string {
  return sets.map((set) => (set.length === 0 ? "no dimension" : set.join(" + "))).join(", or ");
}

function look(series: Series): Finding {
  const metric = awsMetric(series.namespace, series.name);
  if (metric === undefined) return undefined;
  if (!series.dimensionsKnown)
    return unknown(`the dimensions of ${series.name} are known only after apply`, AFTER_APPLY);
  const keys = Object.keys(series.dimensions).sort().join();
  const namesakes = awsNamespace(series.namespace)?.metrics.filter((one) => one.name === metric.name) ?? [];
  const sets = namesakes.flatMap((one) => one.dimensionSets);
  if (sets.some((set) => [...set].sort().join() === keys)) return GOOD;
  if (awsNamespace(series.namespace)?.toBeVerified === true) {
    return unknown(
      `${describeSeries(series)} is not among the known dimension sets, a list that may be incomplete`,
      "look for it with `aws cloudwatch list-metrics`",
    );
  }
  return bad(
    `it watches ${describeSeries(series)}; AWS publishes ${series.name} with ${described(sets)}`,
    described(sets),
    "write exactly one of these sets: CloudWatch adds nothing up over dimensions that are left out",
  );
}

/** Metrics of AWS namespaces are watched with a set of dimensions they are published with. */
export const awsDimensionSet: Rule = {
  id: "aws-dimension-set",
  group: "cannot-fire",
  severity: "error",
  statement: "Every AWS metric is watched with exactly a set of dimensions AWS publishes it with.",
  why: "To CloudWatch another set of dimensions is another metric, and that one has no data.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) => judged(alarm.resource, alarm.series.map(look)));
  },
};
