import type { EmitterKnowledge } from "../../../policies/rules/knowledge";
import type { TerraformModel } from "../../../policies/terraform/model";
import { type MetricRef, metricKey } from "../../cloudwatch";
import { type Alarms, metricsOf, rehearsedAlarms } from "../alarms";
import { feedOf } from "./emitters";
import { type FunctionFacts, functionsOf } from "./functions";
import { logMetricsOf } from "./log-filters";
import { valuesOf } from "./normal";
import type { SeriesFacts } from "./series-facts";

/** The application as its alarms see it: the metrics they watch and who feeds them. */
export interface World {
  readonly alarms: Alarms;
  readonly functions: readonly FunctionFacts[];
  /** By {@link metricKey}, in order of first use. */
  readonly series: ReadonlyMap<string, SeriesFacts>;
  /** By {@link metricKey}: metrics that only alarms which cannot be read may watch. */
  readonly unread: ReadonlyMap<string, SeriesFacts>;
  /** Runs a minute of a function that events start. */
  readonly eventsPerMinute: number;
}

/** A value of one metric on a normal day that its owner knows better. */
export interface NormalValue {
  readonly matches: (facts: SeriesFacts) => boolean;
  readonly value: number;
  readonly everySeconds: number | undefined;
}

/** Settings of a world that the file does not say. */
export interface WorldSettings {
  readonly knowledge?: EmitterKnowledge;
  /** Default {@link EVENTS_PER_MINUTE}. */
  readonly eventsPerMinute?: number;
  readonly normal?: readonly NormalValue[];
}

/** Traffic of a function that events start, unless a scenario file says otherwise. */
export const EVENTS_PER_MINUTE = 20;

/** Builds the world of one file. */
export function worldOf(terraform: TerraformModel, settings: WorldSettings = {}): World {
  const { knowledge } = settings;
  const alarms = rehearsedAlarms(terraform);
  const functions = functionsOf(terraform, knowledge);
  const logMetrics = logMetricsOf(terraform, functions);
  const all = alarms.readable.map((one) => one.alarm);
  const facts = (ref: MetricRef): SeriesFacts => {
    const feed = feedOf(ref, { terraform, functions, logMetrics, knowledge });
    const only =
      feed.emitters.length === 1 ? functions.find((fn) => fn.name === feed.emitters[0]) : undefined;
    const { aws: _aws, log: _log, ...kept } = feed;
    return { key: metricKey(ref), ref, ...kept, ...valuesOf(ref, all, feed, only) };
  };
  const series = new Map<string, SeriesFacts>();
  for (const ref of all.flatMap(metricsOf)) {
    const key = metricKey(ref);
    if (!series.has(key)) series.set(key, withOwn(facts(ref), settings.normal ?? []));
  }
  const hidden = alarms.unreadable.flatMap((one) => one.metrics).filter((ref) => !series.has(metricKey(ref)));
  const unread = new Map(hidden.map((ref) => [metricKey(ref), facts(ref)]));
  const eventsPerMinute = settings.eventsPerMinute ?? EVENTS_PER_MINUTE;
  return { alarms, functions, series, unread, eventsPerMinute };
}

/** The last normal value that matches wins, as the last line of a settings file does. */
function withOwn(facts: SeriesFacts, normal: readonly NormalValue[]): SeriesFacts {
  const own = normal.filter((one) => one.matches(facts)).at(-1);
  if (own === undefined) return facts;
  const { everySeconds } = own;
  if (everySeconds === undefined) return { ...facts, normal: own.value };
  return { ...facts, normal: own.value, written: "by-clock", everySeconds };
}
