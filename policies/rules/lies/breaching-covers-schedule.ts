import { cadenceOfSeries } from "../cadence";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule, RuleInput } from "../rule";
import { type MetricAlarm, metricAlarms, type Series } from "../series";

function look({ terraform, knowledge }: RuleInput, alarm: MetricAlarm, series: Series): Finding {
  const cadence = cadenceOfSeries(terraform, series, knowledge);
  if (cadence === undefined) return undefined;
  if (series.period === undefined || alarm.datapointsToAlarm === undefined)
    return unknown("its period or datapoints_to_alarm is known only after apply", AFTER_APPLY);
  // Runs wander by seconds: a window as long as the schedule is empty when one run comes late.
  const empty = Math.floor(cadence.seconds / series.period);
  if (empty < alarm.datapointsToAlarm) return GOOD;
  return bad(
    `missing data is breaching, ${cadence.emitter} runs every ${cadence.seconds} s, and ${empty} of ${series.period}-s periods in a row may be empty; ${alarm.datapointsToAlarm} are enough for ALARM`,
    `a period above ${cadence.seconds} s, or more datapoints_to_alarm than periods that may be empty`,
    `set period = ${2 * cadence.seconds}, or evaluate more periods`,
  );
}

/** Silence between two runs is not an outage. */
export const breachingCoversSchedule: Rule = {
  id: "breaching-covers-schedule",
  group: "lies",
  severity: "error",
  statement:
    "No alarm that calls silence bad looks at less time than passes between two runs of its emitter.",
  why: "It fires between two healthy runs, day and night, until people stop reading it.",
  judge(input) {
    return metricAlarms(input.terraform)
      .filter((alarm) => alarm.missingData === "breaching")
      .flatMap((alarm) =>
        judged(
          alarm.resource,
          alarm.series.map((series) => look(input, alarm, series)),
        ),
      );
  },
};
