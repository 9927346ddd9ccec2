import { cadenceOfSeries } from "../cadence";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule, RuleInput } from "../rule";
import { type MetricAlarm, metricAlarms, type Series } from "../series";

function look({ terraform, knowledge }: RuleInput, alarm: MetricAlarm, series: Series): Finding {
  const cadence = cadenceOfSeries(terraform, series, knowledge);
  if (cadence === undefined) return undefined;
  if (series.period === undefined || alarm.evaluationPeriods === undefined)
    return unknown("its period or evaluation_periods is known only after apply", AFTER_APPLY);
  const seen = series.period * alarm.evaluationPeriods;
  if (seen >= cadence.seconds) return GOOD;
  return bad(
    `it looks at ${seen} s, and ${cadence.emitter} runs every ${cadence.seconds} s: between runs it is in INSUFFICIENT_DATA`,
    `at least ${cadence.seconds} s of evaluation`,
    `set period = ${cadence.seconds}, or evaluate more periods`,
  );
}

/** Alarms that wait for data look at enough time to have some. */
export const periodCoversSchedule: Rule = {
  id: "period-covers-schedule",
  group: "lies",
  severity: "warning",
  statement: "Every alarm that leaves missing data missing looks at one run of its emitter at least.",
  why: "Otherwise it never rests in OK: it flickers between OK and INSUFFICIENT_DATA with every run.",
  judge(input) {
    return metricAlarms(input.terraform)
      .filter(
        ({ missingData, resource }) =>
          (missingData ?? resource.values["treat_missing_data"] ?? "missing") === "missing",
      )
      .flatMap((alarm) =>
        judged(
          alarm.resource,
          alarm.series.map((series) => look(input, alarm, series)),
        ),
      );
  },
};
