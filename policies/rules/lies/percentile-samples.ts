import type { TerraformModel } from "../../terraform/model";
import { bad, type Finding, GOOD, judged, unknown } from "../finding";
import type { Rule } from "../rule";
import { type MetricAlarm, metricAlarms, singleSeries } from "../series";
import { runsPerPeriod, watchedFunction } from "../watched-function";

const SETTING = "evaluate_low_sample_count_percentiles";

/** Share of the samples a percentile leaves on its shorter side, 0 to 0.5; `undefined` for other statistics. */
function tail(statistic: string | undefined): number | undefined {
  const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(statistic ?? "")?.[1]);
  if (!(percent > 0 && percent < 100)) return undefined;
  return Math.min(percent, 100 - percent) / 100;
}

function look(terraform: TerraformModel, alarm: MetricAlarm): Finding {
  const series = singleSeries(alarm);
  const share = tail(series?.statistic);
  if (series === undefined || share === undefined) return undefined;
  const { resource } = alarm;
  const stated = resource.stated === undefined || resource.stated.has(SETTING);
  const setting = stated ? resource.values[SETTING] : undefined;
  if (setting === "evaluate") return GOOD;
  const fn = watchedFunction(terraform, series);
  const samples =
    fn === undefined || series.period === undefined ? undefined : runsPerPeriod(terraform, fn, series.period);
  const evaluate = `${SETTING} = "evaluate"`;
  if (setting === "ignore") {
    const needed = Math.round(10 / share);
    if (samples === undefined) {
      return unknown(
        `it is evaluated only with ${needed} samples a period, and how many there are is not in the file`,
        `set ${evaluate}, unless traffic is certain to be above that`,
      );
    }
    if (samples >= needed) return GOOD;
    return bad(
      `${series.statistic} of about ${samples} samples a period with ${SETTING} = "ignore": below ${needed} CloudWatch does not evaluate`,
      evaluate,
      `set ${evaluate}, or watch Maximum`,
    );
  }
  const few = Math.round(1 / share);
  if (samples === undefined || samples >= few) return undefined;
  return bad(
    `${series.statistic} of about ${samples} samples a period is their maximum, and ${SETTING} is not stated`,
    `${evaluate}, so that the next reader knows that few samples are meant`,
    `state ${evaluate}, or watch Maximum`,
  );
}

/** Percentiles of few samples are meant. */
export const percentileSamples: Rule = {
  id: "percentile-samples",
  group: "lies",
  severity: "warning",
  statement: "Every percentile alarm on few samples says what CloudWatch is to do with few samples.",
  why: "The 95th percentile of five samples is their maximum, and with ignore the alarm never moves at all.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) => judged(alarm.resource, [look(terraform, alarm)]));
  },
};
