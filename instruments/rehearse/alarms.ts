import { alarmsIn, nameOf } from "../../policies/rules/alarms";
import { compositesIn } from "../../policies/rules/composites";
import type { Unheard } from "../../policies/rules/nobody-hears/unheard-action";
import { metricAlarms, type MetricAlarm as ReadAlarm } from "../../policies/rules/series";
import { isUnresolved, UNKNOWN } from "../../policies/terraform/expression";
import {
  block,
  isObject,
  list,
  ofType,
  type Resource,
  type TerraformModel,
  text,
} from "../../policies/terraform/model";
import {
  type Alarm,
  type AlarmState,
  isComposite,
  type MathQuery,
  type MetricAlarm,
  type MetricRef,
} from "../cloudwatch";
import { hearingsOf } from "./hearing";

/** An alarm of the file in the evaluator's terms. */
export interface RehearsedAlarm {
  readonly alarm: Alarm;
  readonly address: string;
  /** States whose actions reach somebody, as far as can be known before apply. */
  readonly pages: readonly AlarmState[];
  /** Why nobody hears it in ALARM; empty when somebody does. */
  readonly unheard: readonly Unheard[];
}

/** An alarm that cannot be rehearsed from this file, and why. */
export interface UnreadableAlarm {
  readonly name: string;
  readonly address: string;
  readonly why: string;
  /** False when nobody hears it, whatever it does. */
  readonly heard: boolean;
  /** The metrics it watches, or may watch where a dimension is not known. */
  readonly metrics: readonly MetricRef[];
  /** Names of the alarms a composite is made of. */
  readonly children: readonly string[];
}

/** The alarms of a file, none dropped: each is in one of the two lists. */
export interface Alarms {
  readonly readable: readonly RehearsedAlarm[];
  readonly unreadable: readonly UnreadableAlarm[];
}

/** The metrics an alarm watches; none for a composite. */
export function metricsOf(alarm: Alarm): readonly MetricRef[] {
  if (isComposite(alarm)) return [];
  if (alarm.signal.kind === "metric") return [alarm.signal.metric];
  return alarm.signal.queries.flatMap((query) => ("metric" in query ? [query.metric] : []));
}

function dimensionsOf(dimensions: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(dimensions).map(([key, value]) => [key, String(value)]));
}

/** Numbers of an attribute that states may write as text. */
function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function signalOf(read: ReadAlarm): MetricAlarm["signal"] | string {
  const [unknown] = read.unknown;
  if (unknown !== undefined) return `${unknown} is known only after apply`;
  for (const { name, dimensions } of read.series) {
    const open = Object.entries(dimensions).find(([, one]) => one === UNKNOWN || typeof one !== "string");
    if (open !== undefined) return `the dimension ${open[0]} of ${name} is known only after apply`;
  }
  const metric = (one: ReadAlarm["series"][number]): MetricRef => ({
    namespace: one.namespace,
    name: one.name,
    dimensions: dimensionsOf(one.dimensions),
  });
  const [only] = read.series;
  if (list(read.resource, "metric_query").length === 0) {
    if (only === undefined) return "it names no metric";
    if (only.statistic === undefined) return "its statistic is not stated or not known";
    return { kind: "metric", metric: metric(only), statistic: only.statistic };
  }
  const queries: MathQuery[] = read.expressions.map(({ id, expression }) => ({ id, expression }));
  for (const one of read.series) {
    if (one.id === undefined || one.statistic === undefined)
      return `the statistic of ${one.name} is not known`;
    queries.push({ id: one.id, metric: metric(one), statistic: one.statistic });
  }
  const returned = list(read.resource, "metric_query")
    .filter(isObject)
    .filter((query) => query["return_data"] === true || query["return_data"] === "true");
  const [returns] = returned;
  if (returned.length !== 1 || typeof returns?.["id"] !== "string")
    return `${returned.length} of its queries return data instead of one`;
  return { kind: "math", queries, returns: returns["id"] };
}

function readMetricAlarm(read: ReadAlarm): MetricAlarm | string {
  const { resource, comparison, threshold, evaluationPeriods, datapointsToAlarm } = read;
  const signal = signalOf(read);
  if (typeof signal === "string") return signal;
  if (text(resource, "threshold_metric_id") || comparison === undefined)
    return "it compares with a band, or its comparison is not known";
  if (threshold === undefined) return "its threshold is known only after apply or no number";
  if (evaluationPeriods === undefined || datapointsToAlarm === undefined)
    return "its evaluation periods are not known";
  const periods = [...new Set(read.series.map((one) => one.period))];
  const [periodSeconds] = periods;
  if (periods.length !== 1 || periodSeconds === undefined)
    return periods.length > 1 ? "its metrics have different periods" : "its period is not known";
  if (periodSeconds < 60)
    return `its period of ${periodSeconds} s needs high-resolution data, which is not rehearsed`;
  if (resource.values["treat_missing_data"] !== undefined && read.missingData === undefined)
    return "its treatment of missing data is known only after apply";
  const byDefault = read.series.every((one) => one.namespace === "AWS/DynamoDB") ? "ignore" : "missing";
  const lowSample = text(resource, "evaluate_low_sample_count_percentiles");
  return {
    name: nameOf(resource),
    signal,
    comparison,
    threshold,
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: (read.missingData ?? byDefault) as MetricAlarm["treatMissingData"],
    ...(lowSample === "ignore" ? { lowSample } : {}),
  };
}

function readComposite(resource: Resource): Alarm | string {
  const rule = text(resource, "alarm_rule");
  if (rule === undefined || isUnresolved(rule)) return "its rule is known only after apply";
  const name = nameOf(resource);
  const written = block(resource, "actions_suppressor");
  if (written === undefined) return { name, signal: { kind: "composite", rule } };
  const alarm = written["alarm"];
  const waitSeconds = wholeNumber(written["wait_period"]);
  const extensionSeconds = wholeNumber(written["extension_period"]);
  if (typeof alarm !== "string" || isUnresolved(alarm)) return "its suppressor is known only after apply";
  if (waitSeconds === undefined || extensionSeconds === undefined)
    return "the wait or extension period of its suppressor is not known";
  return { name, signal: { kind: "composite", rule, suppressor: { alarm, waitSeconds, extensionSeconds } } };
}

/** What an alarm may watch: a function whose name is not known may be any of the file. */
function possibleMetrics(terraform: TerraformModel, read: ReadAlarm | undefined): readonly MetricRef[] {
  const functions = ofType(terraform, "aws_lambda_function").flatMap((fn) => text(fn, "function_name") ?? []);
  return (read?.series ?? []).flatMap(({ namespace, name, dimensions: written, dimensionsKnown }) => {
    const dimensions = dimensionsOf(written);
    const hidden = !dimensionsKnown || isUnresolved(dimensions["FunctionName"]);
    if (namespace !== "AWS/Lambda" || !hidden) return [{ namespace, name, dimensions }];
    return functions.map((FunctionName) => ({ namespace, name, dimensions: { FunctionName } }));
  });
}

/** Reads every metric and composite alarm of a file. */
export function rehearsedAlarms(terraform: TerraformModel): Alarms {
  const readable: RehearsedAlarm[] = [];
  const unreadable: UnreadableAlarm[] = [];
  const hearingOf = hearingsOf(terraform);
  const composites = new Map(compositesIn(terraform).map((one) => [one.resource.address, one.children]));
  const reads = new Map(metricAlarms(terraform).map((one) => [one.resource.address, one]));
  for (const resource of alarmsIn(terraform)) {
    const { address } = resource;
    const read = reads.get(address);
    const hearing = hearingOf(resource);
    const open = (name: string, why: string): void => {
      const children = (composites.get(address) ?? []).map((one) => one.name);
      const metrics = possibleMetrics(terraform, read);
      unreadable.push({ name, address, why, heard: hearing.pages.length > 0, metrics, children });
    };
    const alarm = read === undefined ? readComposite(resource) : readMetricAlarm(read);
    if (typeof alarm === "string") open(nameOf(resource), alarm);
    else if (isUnresolved(alarm.name) && alarm.name.includes(UNKNOWN))
      open(resource.path, "its name is known only after apply");
    else readable.push({ alarm, address, ...hearing });
  }
  const names = [...readable.map((one) => one.alarm.name), ...unreadable.map((one) => one.name)];
  const shared = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  const twice = readable.filter(({ alarm }) => shared.has(alarm.name));
  return {
    readable: readable.filter((one) => !twice.includes(one)),
    unreadable: [
      ...unreadable,
      ...twice.map(({ alarm, address, pages }) => ({
        name: alarm.name,
        address,
        why: "two alarms of this file have its name",
        heard: pages.length > 0,
        metrics: metricsOf(alarm),
        children: [],
      })),
    ],
  };
}
