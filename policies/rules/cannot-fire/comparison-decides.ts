import type { TerraformModel } from "../../terraform/model";
import { lowest } from "../bounds";
import { alarmsWhenHigh, holds } from "../comparison";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";
import { type MetricAlarm, metricAlarms, singleSeries } from "../series";

function look(terraform: TerraformModel, alarm: MetricAlarm): Finding {
  const series = singleSeries(alarm);
  if (series === undefined || (alarm.resource.values["threshold_metric_id"] ?? "") !== "") return undefined;
  const bound = lowest(terraform, series);
  if (bound === undefined || bound === "unknown") return undefined;
  // Above a threshold, a metric that is silent when idle may well fire on whatever datapoint there is.
  const least = alarmsWhenHigh(alarm) ? 0 : bound.value;
  const held = holds(alarm, least);
  if (held === undefined)
    return unknown("its threshold or comparison is known only after apply", AFTER_APPLY);
  if (!alarmsWhenHigh(alarm) && alarm.missingData === undefined && bound.value > 0) {
    if (alarm.resource.values["treat_missing_data"] !== undefined)
      return unknown("treat_missing_data is known only after apply", AFTER_APPLY);
  }
  const compared = `${series.statistic ?? "its value"} of ${series.name} is at least ${bound.value} (${bound.why})`;
  if (alarmsWhenHigh(alarm)) {
    if (!held) return GOOD;
    return bad(
      `${series.name} is never negative, so ${alarm.comparison} ${alarm.threshold} holds for every datapoint`,
      "a threshold some datapoints stay below",
      "use GreaterThanThreshold, or raise the threshold",
    );
  }
  if (held || (alarm.missingData === "breaching" && bound.value > 0)) return GOOD;
  return bad(
    `${compared}, so ${alarm.comparison} ${alarm.threshold} holds for no datapoint`,
    bound.value > 0
      ? 'treat_missing_data = "breaching", because silence is what this comparison is after'
      : "a threshold above 0",
    bound.value > 0 ? 'set treat_missing_data = "breaching"' : "correct comparison_operator or threshold",
  );
}

/** A comparison can come out both ways. */
export const comparisonDecides: Rule = {
  id: "comparison-decides",
  group: "cannot-fire",
  severity: "error",
  statement: "Every comparison holds for some values the metric can have and not for others.",
  why: "Counts are never negative and samples are never none: such an alarm fires always or never.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) => judged(alarm.resource, [look(terraform, alarm)]));
  },
};
