import { isUnresolved } from "../terraform/expression";
import {
  isObject,
  type JsonObject,
  list,
  ofType,
  type Resource,
  type TerraformModel,
} from "../terraform/model";

/** One time series an alarm reads. */
export interface Series {
  /** Its id in metric math; `undefined` for the single metric of an alarm. */
  readonly id: string | undefined;
  readonly namespace: string;
  readonly name: string;
  /** Known dimensions; a value known only after apply is an expression, or a list of candidates. */
  readonly dimensions: JsonObject;
  /** False when not even the keys are known before apply: Terraform then calls the whole map unknown. */
  readonly dimensionsKnown: boolean;
  /** Where unknown dimensions come from, as expressions; empty when they are known. */
  readonly dimensionSources: readonly string[];
  /** True when it is read from another account, about which this file says nothing. */
  readonly foreign: boolean;
  /** `Sum`, `p95` and so on; `undefined` when unknown. */
  readonly statistic: string | undefined;
  /** Seconds; `undefined` when unknown. */
  readonly period: number | undefined;
}

/** A metric alarm, read once. */
export interface MetricAlarm {
  readonly resource: Resource;
  readonly series: readonly Series[];
  /** Metric math by id. */
  readonly expressions: readonly { readonly id: string; readonly expression: string }[];
  /** What part of the signal is known only after apply. */
  readonly unknown: readonly string[];
  readonly comparison: string | undefined;
  /** `undefined` when unknown or when a band is compared instead. */
  readonly threshold: number | undefined;
  readonly evaluationPeriods: number | undefined;
  /** M of "M out of N"; N when it is not stated. */
  readonly datapointsToAlarm: number | undefined;
  readonly missingData: string | undefined;
}

/** States write "" where nothing is set. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !isUnresolved(value) ? value : undefined;
}

function strings(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function seriesOf(source: JsonObject, id: string | undefined, account?: unknown): Series | undefined {
  const namespace = textOf(source["namespace"]);
  const name = textOf(source["metric_name"]);
  if (namespace === undefined || name === undefined) return undefined;
  return {
    id,
    namespace,
    name,
    dimensions: isObject(source["dimensions"]) ? source["dimensions"] : {},
    dimensionsKnown: source["dimensions"] === undefined || isObject(source["dimensions"]),
    dimensionSources: isObject(source["dimensions"]) ? [] : strings(source["dimensions"]),
    foreign: account !== undefined && account !== "",
    statistic: textOf(source["statistic"]) ?? textOf(source["extended_statistic"]) ?? textOf(source["stat"]),
    period: numberOf(source["period"]),
  };
}

function readOne(resource: Resource): MetricAlarm {
  const { values } = resource;
  const queries = list(resource, "metric_query").filter(isObject);
  const unknown: string[] = [];
  const series: Series[] = [];
  const expressions: { id: string; expression: string }[] = [];
  const add = (source: JsonObject, id: string | undefined, account?: unknown): void => {
    const one = seriesOf(source, id, account);
    if (one !== undefined) series.push(one);
    else if (isUnresolved([source["namespace"], source["metric_name"]])) unknown.push(id ?? "the metric");
  };
  if (queries.length === 0) add(values, undefined);
  for (const query of queries) {
    const id = typeof query["id"] === "string" ? query["id"] : "";
    const expression = query["expression"];
    if (typeof expression === "string" && expression !== "") expressions.push({ id, expression });
    const metric = Array.isArray(query["metric"]) ? query["metric"][0] : query["metric"];
    if (isObject(metric)) add(metric, id, query["account_id"]);
  }
  if (list(resource, "metric_query").some((one) => typeof one === "string")) unknown.push("metric_query");
  const evaluationPeriods = numberOf(values["evaluation_periods"]);
  const stated = numberOf(values["datapoints_to_alarm"]);
  return {
    resource,
    series,
    expressions,
    unknown,
    comparison: textOf(values["comparison_operator"]),
    threshold:
      textOf(values["threshold_metric_id"]) === undefined ? numberOf(values["threshold"]) : undefined,
    evaluationPeriods,
    datapointsToAlarm:
      values["datapoints_to_alarm"] === undefined || stated === 0 ? evaluationPeriods : stated,
    missingData: textOf(values["treat_missing_data"]),
  };
}

const read = new WeakMap<TerraformModel, readonly MetricAlarm[]>();

/** The metric alarms of a file, in file order. */
export function metricAlarms(terraform: TerraformModel): readonly MetricAlarm[] {
  const known = read.get(terraform);
  if (known !== undefined) return known;
  const alarms = ofType(terraform, "aws_cloudwatch_metric_alarm").map(readOne);
  read.set(terraform, alarms);
  return alarms;
}

/** The one series of an alarm without metric math; `undefined` for the others. */
export function singleSeries(alarm: MetricAlarm): Series | undefined {
  const [only, ...others] = alarm.series;
  return others.length === 0 && alarm.expressions.length === 0 ? only : undefined;
}

/** A series as people write it: `namespace name {Key=value}`. */
export function describeSeries(series: Series): string {
  const dimensions = Object.entries(series.dimensions).map(([key, value]) => `${key}=${String(value)}`);
  return `${series.namespace} ${series.name} {${dimensions.join(", ")}}`;
}
