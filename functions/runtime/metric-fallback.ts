import type { FailurePathKey } from "../../contract/failure-paths";
import { FAILURE_PATHS } from "../../contract/failure-paths";
import { LOG_EVENTS } from "../../contract/logs";
import { TRACE_LIMITS } from "../../contract/spans";
import { boundError } from "./bounded-error";

/**
 * Writes the line that stands for metrics CloudWatch refused (SF-3). Straight to stdout and not through a logger:
 * Lambda nests what a console writes below `message`, where the metric filter on the top level cannot see it.
 *
 * @param metricNames what was lost
 * @param error why
 * @param path the silent failure that was to be reported; none for a function's ordinary metrics
 */
export function writeMetricFallback(
  metricNames: readonly string[],
  error: unknown,
  path?: FailurePathKey,
): void {
  const { name, message } = boundError(error);
  const { field, value } = LOG_EVENTS.metricFallback;
  const line = {
    [field]: value,
    ...(path === undefined ? {} : { failure_path: FAILURE_PATHS[path].dimension }),
    metric_name: metricNames.join(","),
    exception_type: name,
    exception_message: message.slice(0, TRACE_LIMITS.fallbackMessageLength),
    timestamp: new Date().toISOString(),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
