import type { Charge } from "../../policies/prices/alarms";
import { alarmsIn, watchedBy } from "../../policies/rules/alarms";
import type { EmitterKnowledge } from "../../policies/rules/knowledge";
import { isUnresolved } from "../../policies/terraform/expression";
import { isObject, list, ofType, type TerraformModel } from "../../policies/terraform/model";

/** CloudWatch bills every combination of namespace, name and dimensions as one metric. */
function seriesKey(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => a.localeCompare(b));
  return JSON.stringify([namespace, name, sorted]);
}

/** One charge per custom metric, at the first alarm, log filter or function that shows it. */
export function customMetrics(
  terraform: TerraformModel,
  knowledge: EmitterKnowledge | undefined,
): { readonly charges: readonly Charge[]; readonly unpriced: readonly string[] } {
  const seen = new Map<string, string>();
  const unpriced: string[] = [];
  const add = (key: string, path: string) => seen.set(key, seen.get(key) ?? path);
  for (const alarm of alarmsIn(terraform)) {
    for (const metric of watchedBy(alarm)) {
      if (metric.namespace.startsWith("AWS/")) continue;
      if (isUnresolved(metric)) unpriced.push(`${alarm.path}: a custom metric is known only after apply`);
      else add(seriesKey(metric.namespace, metric.name, metric.dimensions), alarm.path);
    }
  }
  for (const filter of ofType(terraform, "aws_cloudwatch_log_metric_filter")) {
    for (const { namespace, name } of list(filter, "metric_transformation").filter(isObject)) {
      if (isUnresolved([namespace, name]))
        unpriced.push(`${filter.path}: its metric is known only after apply`);
      else add(seriesKey(String(namespace), String(name), {}), filter.path);
    }
  }
  for (const [name, known] of Object.entries(knowledge?.functions ?? {})) {
    for (const one of known.emits) add(seriesKey(one.namespace, one.metric, one.dimensions), name);
  }
  return {
    charges: [...seen.values()].map((path) => ({ item: "custom-metric", path, quantity: 1 })),
    unpriced,
  };
}
