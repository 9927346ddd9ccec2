import {
  isObject,
  type JsonObject,
  list,
  ofType,
  type Resource,
  type TerraformModel,
  text,
} from "../terraform/model";

/** Every alarm of a configuration: on metrics first, then composites. */
export function alarmsIn(terraform: TerraformModel): readonly Resource[] {
  return [
    ...ofType(terraform, "aws_cloudwatch_metric_alarm"),
    ...ofType(terraform, "aws_cloudwatch_composite_alarm"),
  ];
}

/** One metric an alarm watches, with its exact dimensions. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

function watched(source: JsonObject): WatchedMetric | undefined {
  const { namespace, metric_name: name, dimensions } = source;
  if (typeof namespace !== "string" || typeof name !== "string") return undefined;
  const pairs = Object.entries(isObject(dimensions) ? dimensions : {});
  return {
    namespace,
    name,
    dimensions: Object.fromEntries(pairs.map(([key, value]) => [key, String(value)])),
  };
}

/** The metrics an alarm watches, in the order they are written; empty for a composite. */
export function watchedBy(alarm: Resource): readonly WatchedMetric[] {
  const single = watched(alarm.values);
  const queried = list(alarm, "metric_query")
    .filter(isObject)
    .flatMap((query) => {
      const metric = Array.isArray(query["metric"]) ? query["metric"][0] : query["metric"];
      return isObject(metric) ? (watched(metric) ?? []) : [];
    });
  return single === undefined ? queried : [single];
}

/** A metric as people write it: `namespace name {Key=value}`. */
export function describeMetric(metric: WatchedMetric): string {
  const dimensions = Object.entries(metric.dimensions).map(([key, value]) => `${key}=${value}`);
  return `${metric.namespace} ${metric.name} {${dimensions.join(", ")}}`;
}

/** The CloudWatch name of an alarm, or its path when the name is unknown. */
export function nameOf(alarm: Resource): string {
  return text(alarm, "alarm_name") ?? alarm.path;
}
