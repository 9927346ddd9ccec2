import type { TerraformModel } from "../../terraform/model";
import { AFTER_APPLY, bad, type Finding, GOOD, judged, unknown } from "../finding";
import { filtersOf } from "../metric-filters";
import type { Rule } from "../rule";
import { describeSeries, metricAlarms, type Series } from "../series";

const keysOf = (dimensions: object): string => Object.keys(dimensions).sort().join(", ");

function look(terraform: TerraformModel, series: Series): Finding {
  const filters = filtersOf(terraform, series);
  if (filters.length === 0) return undefined;
  if (!series.dimensionsKnown || filters.some((one) => !one.dimensionsKnown))
    return unknown(`the dimensions of ${series.name} are known only after apply`, AFTER_APPLY);
  const wanted = keysOf(series.dimensions);
  if (filters.some((one) => keysOf(one.dimensions) === wanted)) return GOOD;
  const written = [...new Set(filters.map((one) => keysOf(one.dimensions) || "no dimension"))].join(", or ");
  return bad(
    `it watches ${describeSeries(series)}, and the log filter writes ${series.name} with ${written}`,
    `exactly what the filter writes: ${written}`,
    "take the dimensions off the alarm, or add them to the filter's metric_transformation",
  );
}

/** Alarms on log metrics use the dimensions the filter writes. */
export const filterDimensions: Rule = {
  id: "filter-dimensions",
  group: "cannot-fire",
  severity: "error",
  statement: "Every alarm on a log metric names exactly the dimensions its filter writes.",
  why: "A log filter writes no dimension unless told to, and CloudWatch matches dimensions exactly.",
  judge({ terraform }) {
    return metricAlarms(terraform).flatMap((alarm) =>
      judged(
        alarm.resource,
        alarm.series.map((series) => look(terraform, series)),
      ),
    );
  },
};
