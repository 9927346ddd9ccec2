import { isUnresolved } from "../../terraform/expression";
import { nameOf } from "../alarms";
import { compliant, type Rule, undecided, violation } from "../rule";
import { type MetricAlarm, metricAlarms } from "../series";

/** Everything two alarms must share for one to be able to stand for the other. */
function likeness({ resource, series, expressions, comparison, missingData }: MetricAlarm): string {
  const { alarm_actions, ok_actions, tags } = resource.values;
  const direction = comparison?.startsWith("Greater") === true ? "above" : comparison;
  const signal = series.map(({ id, namespace, name, dimensions, statistic, period }) => ({
    id,
    namespace,
    name,
    dimensions: Object.entries(dimensions).sort(([a], [b]) => a.localeCompare(b)),
    statistic,
    period,
  }));
  return JSON.stringify([signal, expressions, direction, missingData, alarm_actions, ok_actions, tags]);
}

/** True when every value that breaches `b` breaches `a`. */
function includes(a: MetricAlarm, b: MetricAlarm): boolean {
  if (a.threshold === undefined || b.threshold === undefined) return false;
  if (a.threshold === b.threshold) {
    return a.comparison === b.comparison || a.comparison?.includes("OrEqual") === true;
  }
  return a.comparison?.startsWith("Greater") === true ? a.threshold < b.threshold : a.threshold > b.threshold;
}

/** True when `a` is in ALARM whenever `b` is: M of the N datapoints that `b` needs are enough for `a` too. */
function standsFor(a: MetricAlarm, b: MetricAlarm): boolean {
  const [ma, na, mb, nb] = [
    a.datapointsToAlarm,
    a.evaluationPeriods,
    b.datapointsToAlarm,
    b.evaluationPeriods,
  ];
  if (ma === undefined || na === undefined || mb === undefined || nb === undefined) return false;
  return includes(a, b) && mb - Math.max(0, nb - na) >= ma;
}

/** Rising charges are watched in steps on purpose. */
function isStep({ series }: MetricAlarm): boolean {
  return series.some((one) => one.namespace === "AWS/Billing");
}

/** An alarm that only fires when another with the same listeners already has. */
export const duplicateAlarm: Rule = {
  id: "duplicate-alarm",
  group: "waste",
  severity: "warning",
  statement: "No alarm fires only when another with the same signal, actions and tags already has.",
  why: "It is billed every month, pages a second time for the same thing, and tells nothing new.",
  judge({ terraform }) {
    const alarms = metricAlarms(terraform).filter((one) => !isStep(one));
    const alike = new Map<string, MetricAlarm[]>();
    for (const alarm of alarms) {
      const key = likeness(alarm);
      alike.set(key, [...(alike.get(key) ?? []), alarm]);
    }
    return alarms.map((alarm, index) => {
      const others = (alike.get(likeness(alarm)) ?? []).filter((one) => one !== alarm);
      // Of two that say exactly the same, the later one is too many.
      const first = others.find(
        (one) => standsFor(one, alarm) && !(standsFor(alarm, one) && alarms.indexOf(one) > index),
      );
      if (first === undefined) return compliant(alarm.resource);
      if (alarm.unknown.length > 0 || isUnresolved(alarm.series.map((one) => one.dimensions))) {
        return undecided(
          alarm.resource,
          `it looks like ${nameOf(first.resource)}, but part of what they watch is known only after apply`,
          "check the state after apply",
        );
      }
      return violation(alarm.resource, {
        found: `${nameOf(alarm.resource)} fires only when ${nameOf(first.resource)} already has`,
        expected: "one alarm, or two that differ in whom they tell or how urgent it is",
        nextStep: "remove it, or give it other actions or another Severity tag",
      });
    });
  },
};
