import { lowest } from "../bounds";
import { alarmsWhenHigh } from "../comparison";
import { AFTER_APPLY, bad, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";
import { type MetricAlarm, metricAlarms, singleSeries } from "../series";

/** True for alarms that fire when too little happens: silence is then the thing to hear. */
function provesLife(alarm: MetricAlarm): boolean {
  const series = singleSeries(alarm);
  if (series === undefined || alarm.threshold === undefined || alarm.comparison === undefined) return false;
  if (alarmsWhenHigh(alarm) || !alarm.comparison.startsWith("LessThan")) return false;
  const counted = series.statistic === "Sum" || series.statistic === "SampleCount";
  const health = ["Minimum", "Maximum", "Average"].includes(series.statistic ?? "") && alarm.threshold <= 1;
  const free = /latency|duration|age|ratio|rate|utilization/i.test(series.name);
  return counted || (health && !free);
}

/** Alarms on "too little" hear silence. */
export const proofOfLifeSilence: Rule = {
  id: "proof-of-life-silence",
  group: "lies",
  severity: "error",
  statement: "No alarm on too few invocations, samples or counts calls missing data good.",
  why: "When the emitter is dead there is no data at all, and notBreaching turns that into OK.",
  judge({ terraform }) {
    return metricAlarms(terraform)
      .filter(provesLife)
      .flatMap((alarm) => {
        const series = singleSeries(alarm);
        if (series === undefined) return [];
        if (alarm.missingData === undefined && alarm.resource.values["treat_missing_data"] !== undefined) {
          return judged(alarm.resource, [
            unknown("treat_missing_data is known only after apply", AFTER_APPLY),
          ]);
        }
        if (alarm.missingData !== "notBreaching") return judged(alarm.resource, [GOOD]);
        const bound = lowest(terraform, series);
        const why = bound !== undefined && bound !== "unknown" && bound.value > 0 ? ` (${bound.why})` : "";
        return judged(alarm.resource, [
          bad(
            `${alarm.comparison} ${alarm.threshold} on ${series.statistic} of ${series.name}, and missing data is notBreaching: an emitter that died looks healthy${why}`,
            'treat_missing_data = "breaching"',
            "set breaching, with a period that covers the emitter's schedule (R-04)",
          ),
        ]);
      });
  },
};
