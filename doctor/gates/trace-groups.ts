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
  /** Names of those groups that traces fell into lately. */
  WithTraces: v.array(v.string()),
});

/** See {@link TRACE_GROUPS_SEEN}. */
export type TraceGroupsSeen = v.InferOutput<typeof TRACE_GROUPS_SEEN>;

/** The dimension the alarms on groups read by. */
const DIMENSION = "GroupName";

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

/** One metric name serves all groups, so a group without traces, such as that of errors, decides nothing. */
function judgeMetric(environment: Environment, { Metrics, WithTraces }: TraceGroupsSeen): Finding {
  const names = TRACE_GROUPS.map(({ noun }) => traceGroupName(environment, noun));
  const ours = Metrics.filter(({ Dimensions }) => names.includes(Dimensions[DIMENSION] ?? ""));
  const told = new Set(
    ours.flatMap(({ MetricName, Dimensions }) =>
      MetricName === XRAY_TRACE_COUNT.name && Object.keys(Dimensions).length === 1
        ? Object.values(Dimensions)
        : [],
    ),
  );
  const expected = names.filter((name) => WithTraces.includes(name));
  const silent = expected.filter((name) => !told.has(name));
  const others = [
    ...new Set(ours.map(({ MetricName, Dimensions }) => inWords(MetricName, Dimensions))),
  ].sort();
  const known = others.length === 0 ? "no metric about our groups" : `about our groups: ${others.join(", ")}`;
  return {
    what: "the count X-Ray publishes",
    found:
      expected.length === 0
        ? "no trace in any group"
        : silent.length === 0
          ? `told of all ${expected.length} groups that have traces`
          : `not told of ${silent.join(", ")}; ${known}`,
    expected: `${XRAY_TRACE_COUNT.namespace} ${inWords(XRAY_TRACE_COUNT.name, { [DIMENSION]: "" })}`,
    verdict: expected.length === 0 ? "undecided" : silent.length === 0 ? "passed" : "failed",
    nextStep:
      expected.length === 0
        ? "send requests, wait half an hour, and ask again"
        : "if X-Ray names it otherwise, correct XRAY_TRACE_COUNT in contract/sampling.ts; alarms and boards follow",
  };
}

function inWords(name: string, dimensions: Readonly<Record<string, string>>): string {
  return `${name} by ${Object.keys(dimensions).sort().join(" and ")}`;
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
