import { awsMetric } from "../aws-metrics";
import { isUnresolved } from "../terraform/expression";
import { ofType, type Resource, type TerraformModel } from "../terraform/model";
import { resourcesAt } from "../terraform/targets";
import { callerOf } from "./invocation";
import { filtersOf } from "./metric-filters";
import type { Series } from "./series";
import { functionNamed, loggingFunction, runsPerPeriod, watchedFunction } from "./watched-function";

/** An extreme of what a series can be, and why; `"unknown"` when the file leaves what it depends on to apply. */
export type Bound = { readonly value: number; readonly why: string } | "unknown" | undefined;

/** Lambda tries a failed asynchronous event again this often, unless told otherwise. */
const DEFAULT_RETRIES = 2;

/** A number attribute of a resource, or the provider's default when nobody wrote it. */
function number(resource: Resource, attribute: string, fallback?: number): number | "unknown" | undefined {
  const value = resource.values[attribute];
  if (value === undefined) return fallback;
  return typeof value === "number" ? value : isUnresolved(value) ? "unknown" : Number(value);
}

function isTotal(statistic: string | undefined): boolean {
  return statistic === "Sum" || statistic === "SampleCount";
}

/** How often Lambda tries one asynchronous event. */
export function attemptsOf(terraform: TerraformModel, fn: Resource): number | "unknown" {
  const config = ofType(terraform, "aws_lambda_function_event_invoke_config").find((one) =>
    resourcesAt(terraform, one, "function_name", ["aws_lambda_function"]).some(
      (f) => f.address === fn.address,
    ),
  );
  const retries =
    config === undefined ? DEFAULT_RETRIES : number(config, "maximum_retry_attempts", DEFAULT_RETRIES);
  return typeof retries === "number" ? 1 + retries : "unknown";
}

/** Only schedules start the function: so many runs and retries fit into a period. */
function countBound(terraform: TerraformModel, fn: Resource, series: Series): Bound {
  if (series.period === undefined) return "unknown";
  const runs = runsPerPeriod(terraform, fn, series.period);
  if (runs === undefined || callerOf(terraform) !== undefined) return undefined;
  const attempts = attemptsOf(terraform, fn);
  if (attempts === "unknown") return "unknown";
  const why = `its schedule starts it ${runs === 1 ? "once" : `${runs} times`} in ${series.period} s, each with at most ${attempts} attempts`;
  return { value: runs * attempts, why };
}

function lambdaBound(terraform: TerraformModel, fn: Resource, series: Series): Bound {
  const { name, statistic } = series;
  if (name === "Duration" && !isTotal(statistic)) {
    const timeout = number(fn, "timeout", 3);
    if (typeof timeout !== "number") return timeout;
    return { value: timeout * 1000, why: `Lambda ends it after its timeout of ${timeout} s` };
  }
  if (name === "ConcurrentExecutions" && !isTotal(statistic)) {
    const reserved = number(fn, "reserved_concurrent_executions", -1);
    if (typeof reserved !== "number") return reserved;
    return reserved < 0 ? undefined : { value: reserved, why: `its reserved concurrency is ${reserved}` };
  }
  // Throttles are not bounded by attempts: Lambda tries a throttled event again for hours.
  return ["Errors", "Invocations"].includes(name) && isTotal(statistic)
    ? countBound(terraform, fn, series)
    : undefined;
}

function memoryBound(terraform: TerraformModel, series: Series): Bound {
  if (isTotal(series.statistic)) return undefined;
  const insights = series.namespace === "LambdaInsights";
  if (insights && series.name === "memory_utilization") return { value: 100, why: "it is a percentage" };
  const fromLogs = filtersOf(terraform, series).find(
    (one) => one.unit === "Megabytes" || /max_?memory_?used/i.test(one.value ?? ""),
  );
  const fn = insights
    ? /memory/.test(series.name)
      ? functionNamed(terraform, series.dimensions["function_name"])
      : undefined
    : fromLogs === undefined || !/memory/i.test(`${fromLogs.value} ${series.name}`)
      ? undefined
      : loggingFunction(terraform, fromLogs.resource);
  if (fn === undefined) return undefined;
  const size = number(fn, "memory_size", 128);
  if (typeof size !== "number") return size;
  return { value: size, why: `the function has ${size} MB and is killed beyond` };
}

/** The largest value a series can show. */
export function highest(terraform: TerraformModel, series: Series): Bound {
  const fn = watchedFunction(terraform, series);
  const own = fn === undefined ? memoryBound(terraform, series) : lambdaBound(terraform, fn, series);
  if (own !== undefined) return own;
  const largest = awsMetric(series.namespace, series.name)?.largestSample;
  if (largest === undefined || isTotal(series.statistic) || series.statistic === undefined) return undefined;
  return { value: largest, why: `each sample is at most ${largest}, and so is their ${series.statistic}` };
}

/** The smallest value a datapoint of a series can show. */
export function lowest(terraform: TerraformModel, series: Series): Bound {
  const { statistic } = series;
  if (statistic === "SampleCount") return { value: 1, why: "a datapoint exists only when there is a sample" };
  const metric = awsMetric(series.namespace, series.name);
  if (metric !== undefined) {
    return metric.silentWhenIdle === true && metric.unit === "Count" && statistic === "Sum"
      ? { value: 1, why: `AWS publishes no ${metric.name} at all while there are none` }
      : { value: 0, why: `${metric.name} is never negative` };
  }
  const filters = filtersOf(terraform, series);
  const steps = filters.map((one) => Number(one.value));
  if (filters.length === 0 || steps.some((one) => !(one > 0))) return undefined;
  return filters.some((one) => one.hasDefault)
    ? { value: 0, why: "the log filter counts up from 0" }
    : {
        value: Math.min(...steps),
        why: "the log filter has no default_value and writes nothing while nothing matches",
      };
}
