import type { TerraformModel } from "../../terraform/model";
import { type Bound, highest } from "../bounds";
import { alarmsWhenHigh, holds } from "../comparison";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import { shareOf } from "../percentage";
import type { Rule } from "../rule";
import { type MetricAlarm, metricAlarms, singleSeries } from "../series";

function compare(alarm: MetricAlarm, bound: Bound, what: string, hint: string): Finding {
  if (bound === undefined) return undefined;
  const held = bound === "unknown" ? undefined : holds(alarm, bound.value);
  if (bound === "unknown" || held === undefined)
    return unknown(`the threshold, or what bounds ${what}, is known only after apply`, AFTER_APPLY);
  if (alarmsWhenHigh(alarm) ? held : !held) return GOOD;
  return bad(
    `${alarm.comparison} ${alarm.threshold} ${alarmsWhenHigh(alarm) ? "holds for no" : "holds for every"} value: ${what} is at most ${bound.value} (${bound.why})`,
    `a threshold below ${bound.value}`,
    hint,
  );
}

function look(terraform: TerraformModel, alarm: MetricAlarm): Finding {
  if ((alarm.resource.values["threshold_metric_id"] ?? "") !== "") return undefined;
  const series = singleSeries(alarm);
  if (series !== undefined) {
    const what = `${series.statistic ?? "the value"} of ${series.name}`;
    return compare(alarm, highest(terraform, series), what, "set the threshold as a share of what bounds it");
  }
  const share = shareOf(alarm);
  if (share === undefined) return undefined;
  const why = `${share.part.name} are counted among ${share.whole.name}`;
  const hint =
    share.most === 1 ? "multiply the share by 100, or write the threshold as a fraction" : "use a percentage";
  return compare(alarm, { value: share.most, why }, `the share of ${share.part.name}`, hint);
}

/** Thresholds lie within what the watched thing can reach. */
export const thresholdReachable: Rule = {
  id: "threshold-reachable",
  group: "cannot-fire",
  severity: "error",
  statement:
    "Every threshold lies within what the metric can reach: timeout, memory, concurrency, runs, 100 %.",
  why: "A function that is ended after 30 seconds never takes 48, and one that runs once never fails five times.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) => judged(alarm.resource, [look(terraform, alarm)]));
  },
};
