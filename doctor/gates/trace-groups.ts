import * as v from "valibot";
import type { Environment } from "../../contract/names";
import { TRACE_GROUPS, traceGroupName, XRAY_TRACE_COUNT } from "../../contract/sampling";
import type { Finding } from "./finding";

/** What AWS has of trace groups and of the metrics X-Ray publishes about them. */
export const TRACE_GROUPS_SEEN = v.object({
  Groups: v.array(
    v.object({ GroupName: v.string(), FilterExpression: v.string(), InsightsEnabled: v.boolean() }),
  ),
  /** Metrics of X-Ray's namespace: a name and the values of all dimensions by their names. */
  Metrics: v.array(v.object({ MetricName: v.string(), Dimensions: v.record(v.string(), v.string()) })),
});

/** See {@link TRACE_GROUPS_SEEN}. */
export type TraceGroupsSeen = v.InferOutput<typeof TRACE_GROUPS_SEEN>;

function judgeGroup(
  environment: Environment,
  { noun, filter }: (typeof TRACE_GROUPS)[number],
  { Groups }: TraceGroupsSeen,
): Finding {
  const name = traceGroupName(environment, noun);
  const group = Groups.find(({ GroupName }) => GroupName === name);
  const insights = (on: boolean) => `Insights ${on ? "on" : "off"}`;
  const right = group?.FilterExpression === filter && group.InsightsEnabled;
  return {
    what: `group ${name}`,
    found:
      group === undefined ? "no such group" : `${group.FilterExpression}, ${insights(group.InsightsEnabled)}`,
    expected: `${filter}, ${insights(true)}`,
    verdict: right ? "passed" : "failed",
    nextStep: "apply; somebody may have changed the group by hand",
  };
}

/**
 * One name serves all groups, so it is settled when one of them is counted. Which are, says nothing: X-Ray counts a trace
 * for the groups there are when it stores it, and one without traces, such as that of errors, has no metric.
 */
function judgeMetric(environment: Environment, { Metrics }: TraceGroupsSeen): Finding {
  const { namespace, name, dimension } = XRAY_TRACE_COUNT;
  const groups = TRACE_GROUPS.map(({ noun }) => traceGroupName(environment, noun));
  const ours = Metrics.filter(({ Dimensions }) =>
    Object.values(Dimensions).some((one) => groups.includes(one)),
  );
  const counted = new Set(
    ours
      .filter(({ MetricName, Dimensions }) => MetricName === name && Object.keys(Dimensions).length === 1)
      .flatMap(({ Dimensions }) => Dimensions[dimension] ?? []),
  );
  const finding = { what: "the count X-Ray publishes", expected: inWords(name, [dimension]) };
  if (counted.size > 0)
    return { ...finding, found: `of ${counted.size} of our groups`, verdict: "passed", nextStep: "" };
  if (ours.length === 0)
    return {
      ...finding,
      found: "no metric about our groups",
      verdict: "undecided",
      nextStep: `send requests and ask again in an hour; if nothing comes, see aws cloudwatch list-metrics --namespace ${namespace}`,
    };
  const others = ours.map(({ MetricName, Dimensions }) => inWords(MetricName, Object.keys(Dimensions)));
  return {
    ...finding,
    found: [...new Set(others)].sort().join(", "),
    verdict: "failed",
    nextStep: "correct XRAY_TRACE_COUNT in contract/sampling.ts; alarms, boards and the daily ratio follow",
  };
}

function inWords(name: string, dimensions: readonly string[]): string {
  return `${XRAY_TRACE_COUNT.namespace} ${name} by ${[...dimensions].sort().join(" and ")}`;
}

/**
 * [AWS] SMP-2: doctor/gates/trace-groups.ts
 *
 * Judges whether an environment's trace groups are there as they were deployed, and whether X-Ray publishes the count
 * that alarms read, by the name and the dimension they read it by.
 */
export function judgeTraceGroups(environment: Environment, seen: TraceGroupsSeen): readonly Finding[] {
  return [
    ...TRACE_GROUPS.map((group) => judgeGroup(environment, group, seen)),
    judgeMetric(environment, seen),
  ];
}
