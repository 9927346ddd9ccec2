import type { TerraformModel } from "../../policies/terraform/model";
import { metricKey } from "../cloudwatch";
import { metricsOf, rehearsedAlarms } from "../rehearse/alarms";
import { describeRef } from "../rehearse/world/series-facts";
import { InputError } from "../terraform-file";
import type { BaselineSeries } from "./baseline";

/**
 * Checks that an alarm of the file watches every metric of a baseline.
 *
 * @throws InputError naming the metric and where it stands
 */
export function requireWatched(
  file: string,
  terraform: TerraformModel,
  series: readonly BaselineSeries[],
): void {
  const refs = rehearsedAlarms(terraform).readable.flatMap(({ alarm }) => metricsOf(alarm));
  const known = new Set(refs.map(metricKey));
  for (const { metric, place } of series) {
    if (known.has(metricKey(metric))) continue;
    const same = refs.find((one) => one.namespace === metric.namespace && one.name === metric.name);
    const near = same === undefined ? "" : `; watched is ${describeRef(same)}`;
    throw new InputError(
      `${file}: ${place}`,
      `${describeRef(metric)}, which no alarm watches`,
      `a metric an alarm watches, with its exact dimensions${near}`,
      "correct its name, or leave it out of the baseline",
    );
  }
}
