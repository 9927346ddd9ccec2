import { type FunctionFacts, hasTraffic } from "./functions";
import type { SeriesFacts } from "./series-facts";
import { noise, SLOT_SECONDS, seedOf, type Track } from "./track";
import type { World } from "./world";

/** How far a duration strays from its normal value, as a share of it. */
const JITTER = 0.1;

/** Whole events out of a rate, spread evenly: the same every time. */
export function spread(rate: (slot: number) => number, slots: number): Float64Array {
  const out = new Float64Array(slots);
  let owed = 0;
  for (let i = 0; i < slots; i++) {
    owed += rate(i);
    const whole = Math.floor(owed + 1e-9);
    out[i] = whole;
    owed -= whole;
  }
  return out;
}

/** How often a function runs, minute by minute; `factor` scales the traffic of functions that events start. */
export function runsOf(
  fn: FunctionFacts,
  eventsPerMinute: number,
  slots: number,
  factor: (slot: number) => number = () => 1,
): Float64Array {
  if (fn.startedBy === "nothing") return new Float64Array(slots);
  const events = hasTraffic(fn) || fn.everySeconds === undefined;
  if (events) return spread((slot) => eventsPerMinute * factor(slot), slots);
  const runs = new Float64Array(slots);
  const stride = Math.max(1, Math.round((fn.everySeconds as number) / SLOT_SECONDS));
  for (let i = 0; i < slots; i += stride) runs[i] = 1;
  return runs;
}

/** Times at which a metric gets a datapoint on a normal day. */
export function samplesOf(
  world: World,
  facts: SeriesFacts,
  runs: ReadonlyMap<string, Float64Array>,
  slots: number,
) {
  const out = new Float64Array(slots);
  if (facts.never !== undefined) return out;
  const fns = world.functions.filter((fn) => facts.emitters.includes(fn.name));
  if (facts.written === "by-clock" || fns.length === 0) {
    const stride = Math.max(1, Math.round(facts.everySeconds / SLOT_SECONDS));
    for (let i = 0; i < slots; i += stride) out[i] = 1;
    return out;
  }
  const writers = facts.certain ? fns : [mostOften(fns)];
  for (const fn of writers) {
    const own = runs.get(fn.name) as Float64Array;
    for (let i = 0; i < slots; i++) out[i] = (out[i] as number) + (own[i] as number);
  }
  return out;
}

/** Of functions that may write a metric, the one that runs most often: an alarm should hold whoever it is. */
function mostOften(fns: readonly FunctionFacts[]): FunctionFacts {
  const scheduled = fns.filter((fn) => fn.everySeconds !== undefined);
  const from = scheduled.length > 0 ? scheduled : fns;
  return from.reduce((best, fn) => ((fn.everySeconds ?? 60) < (best.everySeconds ?? 60) ? fn : best));
}

/** A metric with its normal value at some samples; `offset` is the slot of the first in the stretch they are cut from. */
export function trackOf(facts: SeriesFacts, samples: Float64Array, offset = 0): Track {
  const value = new Float64Array(samples.length).fill(Number.NaN);
  const { normal, role } = facts;
  if (normal === undefined) return { value, count: undefined };
  const seed = seedOf(facts.key);
  let many = false;
  for (let i = 0; i < samples.length; i++) {
    const count = samples[i] as number;
    if (count === 0) continue;
    value[i] = role === "duration" ? normal * (1 + JITTER * noise(seed, i + offset)) : normal;
    if (count !== 1) many = true;
  }
  return { value, count: many ? samples : undefined };
}

/** A normal, quiet stretch of time: the runs of every function and the data of every metric. */
export interface Day {
  readonly slots: number;
  /** Slot of its first slot in the stretch it was cut from. */
  readonly offset: number;
  readonly runs: ReadonlyMap<string, Float64Array>;
  readonly tracks: ReadonlyMap<string, Track>;
}

/** Plays a world for some minutes in which nothing goes wrong. */
export function quietDay(world: World, slots: number, keys?: Iterable<string>): Day {
  const wanted = [...(keys ?? world.series.keys())].flatMap((key) => world.series.get(key) ?? []);
  const emitters = new Set(wanted.flatMap((facts) => facts.emitters));
  const fns = keys === undefined ? world.functions : world.functions.filter((fn) => emitters.has(fn.name));
  const runs = new Map(fns.map((fn) => [fn.name, runsOf(fn, world.eventsPerMinute, slots)]));
  const tracks = new Map<string, Track>();
  for (const facts of wanted) tracks.set(facts.key, trackOf(facts, samplesOf(world, facts, runs, slots)));
  return { slots, offset: 0, runs, tracks };
}

/** A part of a stretch, without copying: changes must not be written to it. Cut at midnight, so that rhythms stay. */
export function cutOf(day: Day, from: number, to: number): Day {
  if (from === 0 && to === day.slots) return day;
  const runs = new Map([...day.runs].map(([name, one]) => [name, one.subarray(from, to)]));
  const tracks = new Map(
    [...day.tracks].map(([key, { value, count }]) => [
      key,
      { value: value.subarray(from, to), count: count?.subarray(from, to) },
    ]),
  );
  return { slots: to - from, offset: day.offset + from, runs, tracks };
}
