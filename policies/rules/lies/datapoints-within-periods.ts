import { AFTER_APPLY, bad, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";
import { metricAlarms } from "../series";

/** M of "M out of N" is at most N. */
export const datapointsWithinPeriods: Rule = {
  id: "datapoints-within-periods",
  group: "lies",
  severity: "error",
  statement: "No alarm asks for more breaching datapoints than it evaluates periods.",
  why: "Six of five never happens; CloudWatch refuses it at apply.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap(({ resource, datapointsToAlarm, evaluationPeriods }) => {
      if (datapointsToAlarm === undefined || evaluationPeriods === undefined)
        return judged(resource, [unknown("its number of periods is known only after apply", AFTER_APPLY)]);
      if (datapointsToAlarm <= evaluationPeriods) return judged(resource, [GOOD]);
      return judged(resource, [
        bad(
          `datapoints_to_alarm is ${datapointsToAlarm} and evaluation_periods ${evaluationPeriods}`,
          `datapoints_to_alarm of at most ${evaluationPeriods}`,
          "lower datapoints_to_alarm, or raise evaluation_periods",
        ),
      ]);
    });
  },
};
