import {
  isObject,
  list,
  ofType,
  type Resource,
  type TerraformModel,
  text,
} from "../../../policies/terraform/model";
import { resourcesAt } from "../../../policies/terraform/targets";
import type { FunctionFacts } from "./functions";

/** A metric that a filter makes from log lines. */
export interface LogMetric {
  readonly namespace: string;
  readonly name: string;
  /** Keys of its dimensions; their values come from the log line. */
  readonly dimensionKeys: readonly string[];
  /** What lines that do not match add; `undefined` when they add nothing. */
  readonly otherwise: number | undefined;
  /** True when the value is read from the line instead of being a constant. */
  readonly fromLine: boolean;
  /** Names of the functions that log there. */
  readonly functions: readonly string[];
}

function logsTo(terraform: TerraformModel, filter: Resource, fn: FunctionFacts): boolean {
  const name = text(filter, "log_group_name");
  if (name !== undefined && fn.logGroups.includes(name)) return true;
  const groups = resourcesAt(terraform, filter, "log_group_name", ["aws_cloudwatch_log_group"]);
  return groups.some((group) => {
    const holder: Resource = { ...fn.resource, values: { groups: fn.logGroups }, references: {} };
    const own = resourcesAt(terraform, holder, "groups", ["aws_cloudwatch_log_group"]);
    return own.some((one) => one.address === group.address);
  });
}

/** Every metric that log metric filters of a file write. */
export function logMetricsOf(
  terraform: TerraformModel,
  functions: readonly FunctionFacts[],
): readonly LogMetric[] {
  return ofType(terraform, "aws_cloudwatch_log_metric_filter").flatMap((filter) =>
    list(filter, "metric_transformation")
      .filter(isObject)
      .map((one): LogMetric => {
        const otherwise = one["default_value"];
        const stated = otherwise === undefined || otherwise === "" ? undefined : Number(otherwise);
        return {
          namespace: String(one["namespace"]),
          name: String(one["name"]),
          dimensionKeys: Object.keys(isObject(one["dimensions"]) ? one["dimensions"] : {}),
          otherwise: stated,
          fromLine: String(one["value"]).startsWith("$"),
          functions: functions.filter((fn) => logsTo(terraform, filter, fn)).map((fn) => fn.name),
        };
      }),
  );
}
