import { alarmsIn, nameOf } from "../alarms";
import { named, type Rule, violation } from "../rule";

/** Third link: every metric is alarmed, and the alarms are those of the tier, no fewer and no more. */
export const chainAlarm: Rule = {
  id: "chain-alarm",
  group: "chain",
  severity: "error",
  statement: "Every metric is watched by an alarm of the catalogue, and every alarm of the tier exists.",
  why: "A metric nobody watches is a cost; an alarm that was lost is an outage nobody hears of.",
  judge({ terraform, promises }) {
    if (promises === undefined) return [];
    const present = alarmsIn(terraform);
    const names = present.map(nameOf);
    const unwatched = promises.metrics
      .filter((metric) => !promises.alarmedMetrics.includes(metric.alarmedThrough ?? metric.name))
      .map((metric) =>
        violation(named(metric.name), {
          found: `no alarm of contract/alarms watches ${metric.namespace} ${metric.name}`,
          expected: "at least one alarm in some tier, or alarmedThrough in contract/metrics.ts",
          nextStep: "add an alarm, or stop emitting the metric",
        }),
      );
    const lost = promises.alarmNames
      .filter((name) => !names.includes(name))
      .map((name) =>
        violation(named(name), {
          found: "the alarm is in the catalogue of this tier but not in the configuration",
          expected: "one aws_cloudwatch_metric_alarm or aws_cloudwatch_composite_alarm of that name",
          nextStep: "create it with modules/alarm-catalogue.ts, or take it out of the tier",
        }),
      );
    const extra = present
      .filter((alarm) => !promises.alarmNames.includes(nameOf(alarm)))
      .map((alarm) =>
        violation(alarm, {
          found: `the alarm ${nameOf(alarm)} is not in the catalogue of this tier`,
          expected: "only alarms of contract/alarms, so that each has a runbook, a tier and a price",
          nextStep: "add it to contract/alarms with its tiers",
        }),
      );
    return [...unwatched, ...lost, ...extra];
  },
};
