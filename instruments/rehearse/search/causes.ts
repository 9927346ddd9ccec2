import type { MetricAlarm } from "../../cloudwatch";
import { crashFunction, failFunction } from "../effects/errors";
import type { Stage, Window } from "../effects/stage";
import { changeValues } from "../effects/values";
import { runsOf } from "../world/day";
import { type FunctionFacts, hasTraffic } from "../world/functions";
import type { SeriesFacts } from "../world/series-facts";
import type { World } from "../world/world";

/** Something that may raise an alarm: what happens, and how it is played over a window. */
export interface Cause {
  readonly text: string;
  readonly play: (stage: Stage, window: Window) => void;
}

/** Most combinations of several metrics that are tried. */
const MOST_COMBINATIONS = 256;

function above(threshold: number): number {
  if (Number.isInteger(threshold)) return threshold + 1;
  return threshold + Math.abs(threshold) * 0.05;
}

function below(threshold: number): number {
  return Number.isInteger(threshold) && threshold !== 1
    ? threshold - 1
    : threshold - Math.abs(threshold) * 0.05;
}

function shown(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function set(facts: SeriesFacts, value: number): Cause {
  return {
    text: `${facts.ref.name} is ${shown(value)}`,
    play: (stage, window) => changeValues(stage, facts, window, { do: "set", value }),
  };
}

function silence(facts: SeriesFacts): Cause {
  return {
    text: `${facts.ref.name} stops arriving`,
    play: (stage, window) => changeValues(stage, facts, window, { do: "silent" }),
  };
}

/** Factors by which traffic may grow: how much there is on a normal day is a guess. */
const TRAFFIC = [10, 100, 1000] as const;

function busier(world: World, fn: FunctionFacts, by: number): Cause {
  return {
    text: `${fn.name} has ${by} times the traffic`,
    play: (stage, window) =>
      stage.scaleTraffic(fn, window, by, (factor) =>
        runsOf(fn, world.eventsPerMinute, factor.length, (slot) => factor[slot] as number),
      ),
  };
}

function failures(world: World, fn: FunctionFacts): readonly Cause[] {
  // A handler that answers its errors can still be killed or run out of time.
  const [verb, fail] =
    fn.handlerErrors === "answered" ? ["crashes", crashFunction] : (["fails", failFunction] as const);
  const every: Cause = {
    text: `every run of ${fn.name} ${verb}`,
    play: (stage, window) => fail(stage, fn, window, { do: "errors", share: 1 }),
  };
  const busy = hasTraffic(fn) ? TRAFFIC.map((by) => together([busier(world, fn, by), every])) : [];
  return [
    {
      text: `one event fails every attempt of ${fn.name}`,
      play: (stage, window) => fail(stage, fn, window, { do: "errors", share: 1, events: 1 }),
    },
    every,
    ...busy,
  ];
}

/** Values worth trying for one metric, the smallest departure first, within what its samples can reach. */
function values(facts: SeriesFacts, alarm: MetricAlarm): readonly number[] {
  const { threshold, periodSeconds, comparison, signal } = alarm;
  const single = signal.kind === "metric";
  const samples = Math.max(1, Math.floor(periodSeconds / facts.everySeconds));
  const up = [1, above(threshold / samples), above(threshold), 100 * Math.max(1, above(threshold))];
  const down = [below(threshold), 0];
  const counted = single && ["Sum", "SampleCount"].includes(signal.statistic);
  // In an expression a threshold says little about one of its metrics: what that can reach at most is tried too.
  const most = Number.isFinite(facts.limit) ? [facts.limit] : [];
  const wanted = !single
    ? [...up, ...most, 0]
    : comparison.startsWith("Greater")
      ? counted
        ? up
        : [above(threshold), ...up.slice(3)]
      : down;
  const reachable = wanted
    .map((value) => Math.min(value, facts.limit))
    .filter((value) => value >= 0 || threshold < 0);
  return [...new Set(reachable)].filter((value) => value !== facts.normal);
}

function causesOf(world: World, facts: SeriesFacts, alarm: MetricAlarm): readonly Cause[] {
  const fn = world.functions.find((one) => one.name === facts.emitters[0]);
  if (facts.role === "errors" && fn !== undefined) return failures(world, fn);
  if (facts.role === "invocations" && fn !== undefined && hasTraffic(fn))
    return [...TRAFFIC.map((by) => busier(world, fn, by)), silence(facts)];
  const changes = values(facts, alarm).map((value) => set(facts, value));
  const quiet = [silence(facts)];
  const low = alarm.signal.kind === "metric" && alarm.comparison.startsWith("Less");
  return low ? [...quiet, ...changes] : [...changes, ...quiet];
}

function together(causes: readonly Cause[]): Cause {
  return {
    text: causes.map((one) => one.text).join(" and "),
    play: (stage, window) => {
      for (const one of causes) one.play(stage, window);
    },
  };
}

/** Every cause to try for an alarm, fewest changed metrics first. */
export function causesFor(
  world: World,
  alarm: MetricAlarm,
  watched: readonly SeriesFacts[],
): readonly Cause[] {
  const each = watched.map((facts) => causesOf(world, facts, alarm));
  const single = each.flat();
  const pairs: Cause[] = [];
  for (let i = 0; i < each.length; i++) {
    for (let j = i + 1; j < each.length; j++) {
      for (const a of each[i] ?? []) for (const b of each[j] ?? []) pairs.push(together([a, b]));
    }
  }
  const all = each.length > 2 ? [together(each.flatMap((one) => one[0] ?? []))] : [];
  return [...single, ...all, ...pairs].slice(0, MOST_COMBINATIONS);
}
