import { isUnresolved } from "../terraform/expression";
import { ofType, type Resource, type TerraformModel, text } from "../terraform/model";
import { targetsOfValue } from "../terraform/targets";
import { cadenceOf, triggersOf } from "../terraform/triggers";
import type { Series } from "./series";

const FUNCTION = ["aws_lambda_function"];

/** The function of this file a Lambda series is about; `undefined` when it is none, another's, or not known. */
export function watchedFunction(terraform: TerraformModel, series: Series): Resource | undefined {
  if (series.namespace !== "AWS/Lambda" || series.foreign) return undefined;
  return functionNamed(terraform, series.dimensions["FunctionName"]);
}

/** The function of this file a name or an expression stands for. */
export function functionNamed(terraform: TerraformModel, value: unknown): Resource | undefined {
  if (value === undefined) return undefined;
  const found = targetsOfValue(terraform, value, FUNCTION).flatMap((one) =>
    one.kind === "resource" ? [one.resource] : [],
  );
  return found.length === 1 ? found[0] : undefined;
}

/** The name of a function as knowledge files use it. */
export function functionNameOf(fn: Resource): string {
  return text(fn, "function_name") ?? fn.path;
}

/** The function whose log group a log metric filter reads. */
export function loggingFunction(terraform: TerraformModel, filter: Resource): Resource | undefined {
  const group = text(filter, "log_group_name") ?? "";
  const groups = [group, ...(filter.references["log_group_name"] ?? [])];
  return ofType(terraform, "aws_lambda_function").find((fn) => {
    const name = text(fn, "function_name");
    if (name !== undefined && !isUnresolved(name) && group === `/aws/lambda/${name}`) return true;
    if (groups.includes(fn.address)) return true;
    const config = fn.values["logging_config"];
    const named = JSON.stringify(config ?? "");
    const sent = fn.references["logging_config"] ?? [];
    if (group !== "" && named.includes(`"log_group":${JSON.stringify(group)}`)) return true;
    return sent.some((one) => groups.includes(one));
  });
}

/**
 * Seconds between the runs of a function that nothing but regular schedules starts; `undefined` for every other
 * function, also for one whose schedules are off.
 */
export function soleCadence(terraform: TerraformModel, fn: Resource): number | undefined {
  const triggers = triggersOf(terraform, fn).filter((one) => one.enabled);
  const regular = triggers.every((one) => one.everySeconds !== undefined);
  return triggers.length > 0 && regular ? cadenceOf(terraform, fn) : undefined;
}

/** Runs of a function per period, when schedules alone start it. */
export function runsPerPeriod(terraform: TerraformModel, fn: Resource, period: number): number | undefined {
  const triggers = triggersOf(terraform, fn).filter((one) => one.enabled);
  if (triggers.length === 0 || triggers.some((one) => one.everySeconds === undefined)) return undefined;
  return triggers.reduce((sum, one) => sum + Math.ceil(period / (one.everySeconds as number)), 0);
}
