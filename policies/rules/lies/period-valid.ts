import { awsMetric, isAwsNamespace } from "../../aws-metrics";
import { isUnresolved } from "../../terraform/expression";
import type { TerraformModel } from "../../terraform/model";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import { filtersOf } from "../metric-filters";
import type { Rule } from "../rule";
import { type MetricAlarm, metricAlarms, type Series } from "../series";

const HIGH_RESOLUTION = [10, 20, 30];
const HOUR = 3600;
const DAY = 86_400;

function resolution(terraform: TerraformModel, series: Series, period: number): Finding {
  const { namespace, name } = series;
  if (!HIGH_RESOLUTION.includes(period) && (period <= 0 || period % 60 !== 0)) {
    return bad(`a period of ${period} s`, "10, 20, 30 or a multiple of 60", "set period to a multiple of 60");
  }
  const shortest =
    awsMetric(namespace, name)?.shortestPeriodSeconds ?? (isAwsNamespace(namespace) ? 60 : undefined);
  if (shortest !== undefined && period < shortest) {
    return bad(
      `a period of ${period} s, and AWS publishes ${name} every ${shortest} s`,
      `at least ${shortest} s`,
      `set period = ${shortest}`,
    );
  }
  if (period >= 60 || shortest !== undefined) return GOOD;
  if (filtersOf(terraform, series).length > 0)
    return bad(
      `a period of ${period} s, and log filters write one value a minute`,
      "at least 60 s",
      "set period = 60",
    );
  return unknown(
    `a period of ${period} s works only if ${name} is written with StorageResolution 1, which no Terraform file says`,
    "set period = 60, or acknowledge this with where the resolution is set",
  );
}

function span({ evaluationPeriods }: MetricAlarm, period: number): Finding {
  if (evaluationPeriods === undefined) return undefined;
  const most = period < HOUR ? DAY : 7 * DAY;
  if (period * evaluationPeriods <= most) return GOOD;
  return bad(
    `${evaluationPeriods} periods of ${period} s are ${period * evaluationPeriods} s`,
    `at most ${most} s`,
    "evaluate fewer or shorter periods; CloudWatch refuses longer ones",
  );
}

/** Periods are ones CloudWatch takes and the metric has data for. */
export const periodValid: Rule = {
  id: "period-valid",
  group: "lies",
  severity: "error",
  statement:
    "Every period is one CloudWatch takes, no shorter than the metric's resolution, within a day or a week.",
  why: "Shorter periods are mostly empty and flicker to INSUFFICIENT_DATA; others are refused at apply.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) =>
      judged(
        alarm.resource,
        alarm.series.flatMap((series): readonly Finding[] => {
          if (series.period !== undefined)
            return [resolution(terraform, series, series.period), span(alarm, series.period)];
          const open =
            isUnresolved(alarm.resource.values["period"]) ||
            isUnresolved(alarm.resource.values["metric_query"]);
          return open ? [unknown(`the period of ${series.name} is known only after apply`, AFTER_APPLY)] : [];
        }),
      ),
    );
  },
};
