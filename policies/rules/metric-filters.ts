import { isUnresolved } from "../terraform/expression";
import {
  isObject,
  type JsonObject,
  list,
  ofType,
  type Resource,
  type TerraformModel,
  text,
} from "../terraform/model";
import type { Series } from "./series";

/** A log metric filter, read once. */
export interface MetricFilter {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** Dimension keys the filter writes. */
  readonly dimensions: JsonObject;
  readonly dimensionsKnown: boolean;
  /** What it writes per match: a number, or `$.field`. */
  readonly value: string | undefined;
  readonly unit: string | undefined;
  readonly hasDefault: boolean;
  /** `undefined` when known only after apply. */
  readonly pattern: string | undefined;
}

/** The log metric filters of a file, in file order. */
export function metricFilters(terraform: TerraformModel): readonly MetricFilter[] {
  return ofType(terraform, "aws_cloudwatch_log_metric_filter").map((resource) => {
    const found = list(resource, "metric_transformation")[0];
    const transformation = isObject(found) ? found : {};
    const part = (key: string): string | undefined => {
      const value = transformation[key];
      return (typeof value === "string" || typeof value === "number") && !isUnresolved(value)
        ? String(value)
        : undefined;
    };
    const dimensions = transformation["dimensions"];
    const pattern = text(resource, "pattern");
    return {
      resource,
      namespace: part("namespace"),
      name: part("name"),
      dimensions: isObject(dimensions) ? dimensions : {},
      dimensionsKnown: dimensions === undefined || isObject(dimensions),
      value: part("value"),
      unit: part("unit"),
      hasDefault: transformation["default_value"] !== undefined,
      pattern: isUnresolved(resource.values["pattern"]) ? undefined : (pattern ?? ""),
    };
  });
}

/** The filters that write the metric of a series, whatever the dimensions. */
export function filtersOf(terraform: TerraformModel, series: Series): readonly MetricFilter[] {
  return metricFilters(terraform).filter(
    (one) => one.namespace === series.namespace && one.name === series.name,
  );
}
