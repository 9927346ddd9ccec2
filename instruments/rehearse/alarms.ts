import { alarmsIn, nameOf } from "../../policies/rules/alarms";
import { metricAlarms, type MetricAlarm as ReadAlarm } from "../../policies/rules/series";
import { isUnresolved, UNKNOWN } from "../../policies/terraform/expression";
import {
  block,
  isObject,
  list,
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

/** An alarm of the file in the evaluator's terms. */
export interface RehearsedAlarm {
  readonly alarm: Alarm;
  readonly address: string;
  /** States whose actions reach somebody: it has such actions and they are switched on. */
  readonly pages: readonly AlarmState[];
}

/** An alarm that cannot be rehearsed from this file, and why. */
export interface UnreadableAlarm {
  readonly name: string;
  readonly address: string;
  readonly why: string;
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

function pages(resource: Resource): readonly AlarmState[] {
  if (resource.values["actions_enabled"] === false) return [];
  return [
    ...(list(resource, "alarm_actions").length > 0 ? (["ALARM"] as const) : []),
    ...(list(resource, "insufficient_data_actions").length > 0 ? (["INSUFFICIENT_DATA"] as const) : []),
  ];
}

/** Reads every metric and composite alarm of a file. */
export function rehearsedAlarms(terraform: TerraformModel): Alarms {
  const readable: RehearsedAlarm[] = [];
  const unreadable: UnreadableAlarm[] = [];
  const reads = new Map(metricAlarms(terraform).map((one) => [one.resource.address, one]));
  for (const resource of alarmsIn(terraform)) {
    const { address } = resource;
    const read = reads.get(address);
    const alarm = read === undefined ? readComposite(resource) : readMetricAlarm(read);
    if (typeof alarm === "string") unreadable.push({ name: nameOf(resource), address, why: alarm });
    else if (isUnresolved(alarm.name) && alarm.name.includes(UNKNOWN))
      unreadable.push({ name: resource.path, address, why: "its name is known only after apply" });
    else readable.push({ alarm, address, pages: pages(resource) });
  }
  const names = [...readable.map((one) => one.alarm.name), ...unreadable.map((one) => one.name)];
  const shared = new Set(names.filter((name, i) => names.indexOf(name) !== i));
  const twice = readable.filter(({ alarm }) => shared.has(alarm.name));
  return {
    readable: readable.filter((one) => !twice.includes(one)),
    unreadable: [
      ...unreadable,
      ...twice.map(({ alarm, address }) => ({
        name: alarm.name,
        address,
        why: "two alarms of this file have its name",
      })),
    ],
  };
}
