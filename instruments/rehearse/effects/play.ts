import { DEFAULT_START, type Effect, type Scenario } from "../scenario";
import { type Reading, selectedFunctions, selects } from "../select";
import { type Day, runsOf } from "../world/day";
import { hasTraffic } from "../world/functions";
import { SLOT_SECONDS, type Track } from "../world/track";
import type { World } from "../world/world";
import { failFunction } from "./errors";
import { Stage, type Window } from "./stage";
import { changeValues } from "./values";

/** The window of an effect on a day, in slots. */
function windowOf(day: Day, firstSlot: number, scenario: Scenario, effect: Effect): Window {
  const after = effect.afterSeconds ?? 0;
  const lasts = effect.lastsSeconds ?? scenario.lastsSeconds - after;
  const from = firstSlot + Math.floor(((scenario.startsAt ?? DEFAULT_START) + after) / SLOT_SECONDS);
  const bounded = (slot: number) => Math.max(0, Math.min(day.slots, slot));
  return { from: bounded(from), to: bounded(from + Math.max(1, Math.ceil(lasts / SLOT_SECONDS))) };
}

function apply(stage: Stage, effect: Effect, window: Window, reading: Reading): void {
  const { world } = stage;
  const touched = () =>
    [...world.series.values()].filter((one) => selects(world, effect.select, one, reading));
  if (effect.do === "traffic") {
    const fns = selectedFunctions(world, { function: "*", ...effect.select });
    for (const fn of fns.filter(hasTraffic)) {
      stage.scaleTraffic(fn, window, effect.by, (factor) =>
        runsOf(fn, world.eventsPerMinute, stage.day.slots, (slot) => factor[slot] as number),
      );
    }
  } else if (effect.do === "errors") {
    for (const fn of selectedFunctions(world, effect.select)) failFunction(stage, fn, window, effect);
  } else {
    for (const facts of touched()) changeValues(stage, facts, window, effect);
  }
}

/**
 * Plays a scenario over a quiet day.
 *
 * @param firstSlot slot at which the day of the scenario begins; what lies before warms the alarms up
 * @returns the metrics that differ from the quiet day
 */
export function play(
  world: World,
  day: Day,
  scenario: Scenario,
  firstSlot: number,
  reading: Reading,
): ReadonlyMap<string, Track> {
  const stage = new Stage(world, day);
  for (const effect of scenario.effects)
    apply(stage, effect, windowOf(day, firstSlot, scenario, effect), reading);
  return stage.tracks;
}
