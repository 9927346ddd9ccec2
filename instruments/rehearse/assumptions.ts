import { type Alarm, isComposite, metricKey } from "../cloudwatch";
import { metricsOf } from "./alarms";
import { dependenciesOf } from "./search/composite";
import { isGuessed } from "./world/emitters";
import type { SeriesFacts } from "./world/series-facts";
import type { World } from "./world/world";

/** Something only the owner of the code can know that a rehearsal takes for granted, and the alarms that rest on it. */
export interface Assumption {
  readonly assumed: string;
  readonly alarms: readonly string[];
}

function watched(world: World, alarm: Alarm): readonly SeriesFacts[] {
  const byName = new Map(world.alarms.readable.map((one) => [one.alarm.name, one.alarm]));
  const parts = isComposite(alarm) ? dependenciesOf(alarm, byName) : [alarm];
  return parts.flatMap(metricsOf).flatMap((ref) => world.series.get(metricKey(ref)) ?? []);
}

/** What is taken for granted about the metrics of an alarm, each once. */
export function assumptionsOf(world: World, alarm: Alarm): readonly string[] {
  return [...new Set(watched(world, alarm).flatMap((one) => one.assumed ?? []))];
}

/** Metrics of an alarm, in words, of which it is not known how often they get data. */
export function guessedRhythms(world: World, name: string): readonly string[] {
  const found = world.alarms.readable.find((one) => one.alarm.name === name);
  if (found === undefined) return [];
  const guessed = watched(world, found.alarm).filter((one) => isGuessed(one, world.functions));
  return [...new Set(guessed.map(({ ref }) => `${ref.namespace} ${ref.name}`))];
}

/** The assumptions of some alarms, each once, in order of first use. */
export function gathered(
  alarms: readonly { readonly name: string; readonly assumes: readonly string[] }[],
): readonly Assumption[] {
  const all = new Map<string, string[]>();
  for (const { name, assumes } of alarms)
    for (const one of assumes) all.set(one, [...(all.get(one) ?? []), name]);
  return [...all].map(([assumed, names]) => ({ assumed, alarms: names }));
}
