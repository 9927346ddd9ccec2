import { LOG_METRICS, type LogMetricKey, logMetricNamespace } from "../logs";
import { CANARY_COMPONENT, type MetricName, metric } from "../metrics";
import type { Environment } from "../names";
import { type TraceGroupNoun, traceGroupName, XRAY_TRACE_COUNT } from "../sampling";
import { functionName, type ServiceKey } from "../services";
import type { Series } from "./definition";

/** A custom metric of a whole environment. */
export function metricSeries(environment: Environment, name: MetricName, statistic: string): Series {
  return { namespace: metric(name).namespace, name, dimensions: { Environment: environment }, statistic };
}

/** A metric of the canary about a whole environment. */
export function canarySeries(environment: Environment, name: MetricName, statistic: string): Series {
  const dimensions = { Environment: environment, Component: CANARY_COMPONENT };
  return { namespace: metric(name).namespace, name, dimensions, statistic };
}

/** Whether a function's role lacks an X-Ray action, told by the canary. */
export function permissionDriftSeries(environment: Environment, service: ServiceKey): Series {
  const name = "IAMPolicyDrift";
  const dimensions = { Environment: environment, FunctionName: functionName(environment, service) };
  return { namespace: metric(name).namespace, name, dimensions, statistic: "Sum" };
}

/** What Lambda itself publishes about a function or its URL. */
export function lambdaSeries(
  environment: Environment,
  service: ServiceKey,
  name: string,
  statistic: string,
): Series {
  const dimensions = { FunctionName: functionName(environment, service) };
  return { namespace: "AWS/Lambda", name, dimensions, statistic };
}

/** A metric made from a function's log lines. */
export function logSeries(
  environment: Environment,
  service: ServiceKey,
  key: LogMetricKey,
  statistic: string,
): Series {
  const namespace = logMetricNamespace(environment, service);
  return { namespace, name: LOG_METRICS[key].name, dimensions: {}, statistic };
}

/** How many traces of a group X-Ray recorded. */
export function traceSeries(environment: Environment, group: TraceGroupNoun): Series {
  const { namespace, name, dimension } = XRAY_TRACE_COUNT;
  return {
    namespace,
    name,
    dimensions: { [dimension]: traceGroupName(environment, group) },
    statistic: "Sum",
  };
}
