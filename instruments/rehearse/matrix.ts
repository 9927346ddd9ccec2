import {
  type Action,
  type Alarm,
  type AlarmState,
  isComposite,
  type MetricSeries,
  metricKey,
  type TimeRange,
} from "../cloudwatch";
import { metricsOf, type RehearsedAlarm } from "./alarms";
import { play } from "./effects/play";
import { type Evaluate, rememberingQuiet } from "./quiet-histories";
import { type Behaviour, behaviours, difference, influenceMs, replayed } from "./replay";
import { DEFAULT_START, type Scenario } from "./scenario";
import { dependenciesOf } from "./search/composite";
import { stateAt } from "./search/trial";
import type { Reading } from "./select";
import { cutOf, type Day, quietDay } from "./world/day";
import { EPOCH_MS, SLOT_MS, seriesOf, type Track } from "./world/track";
import type { World } from "./world/world";

/** First page of each alarm, seconds from the start of a scenario; alarms that stay quiet are left out. */
export type Pages = ReadonlyMap<string, number>;

/** What alarms do in one scenario. */
export interface Reactions {
  readonly pages: Pages;
  /** When alarms went to ALARM that nobody hears in that state. */
  readonly unheard: Pages;
}

const DAY_SLOTS = 1440;
/** Days that are watched beyond the day a scenario ends on, so that slow alarms have time. */
const DAYS_AFTER = 1;

/** Data with a scenario played, and when each changed metric differs from the quiet stretch. */
interface Staged {
  readonly data: ReadonlyMap<string, MetricSeries>;
  readonly spans: ReadonlyMap<string, Span>;
}

type Span = { readonly fromMs: number; readonly toMs: number };

function warmUpDays(alarms: readonly RehearsedAlarm[]): number {
  const seconds = alarms.map(({ alarm }) =>
    isComposite(alarm) ? 0 : (alarm.evaluationPeriods + 3) * alarm.periodSeconds,
  );
  return Math.max(1, Math.ceil(Math.max(0, ...seconds) / 86_400));
}

/** The detection matrix of a world: one quiet stretch, evaluated once, and every scenario against it. */
export class Matrix {
  readonly #day: Day;
  readonly #quiet: ReadonlyMap<string, MetricSeries>;
  readonly #range: TimeRange;
  readonly #baseline: ReadonlyMap<string, Behaviour>;
  /** By name: what an alarm depends on, itself included. */
  readonly #sets: ReadonlyMap<string, readonly Alarm[]>;
  readonly #firstSlot: number;
  readonly #evaluate: Evaluate;

  /** @param days how many days are watched, at least one more than the longest scenario lasts */
  constructor(
    readonly world: World,
    readonly lagMs: number,
    days: number,
  ) {
    const { readable } = world.alarms;
    this.#firstSlot = warmUpDays(readable) * DAY_SLOTS;
    this.#day = quietDay(world, this.#firstSlot + days * DAY_SLOTS);
    this.#quiet = new Map([...this.#day.tracks].map(([key, track]) => [key, seriesOf(track, EPOCH_MS)]));
    this.#range = {
      startMs: EPOCH_MS + (this.#firstSlot - DAY_SLOTS / 2) * SLOT_MS,
      endMs: EPOCH_MS + this.#day.slots * SLOT_MS,
    };
    const all = readable.map(({ alarm }) => alarm);
    const byName = new Map(all.map((alarm) => [alarm.name, alarm]));
    this.#sets = new Map(
      all.map((alarm) => [alarm.name, isComposite(alarm) ? dependenciesOf(alarm, byName) : [alarm]]),
    );
    this.#evaluate = rememberingQuiet(this.#quiet);
    this.#baseline = this.#behaviours(all, this.#quiet, lagMs);
  }

  /** Days needed for some scenarios. */
  static daysFor(scenarios: readonly Scenario[]): number {
    const ends = scenarios.map((one) => (one.startsAt ?? DEFAULT_START) + one.lastsSeconds);
    return Math.ceil(Math.max(86_400, ...ends) / 86_400) + DAYS_AFTER;
  }

  /** Alarm datapoints that one scenario is about: each alarm's metrics at each slot. For benchmarks. */
  get datapoints(): number {
    const slots = (this.#range.endMs - this.#range.startMs) / SLOT_MS;
    return this.world.alarms.readable.reduce((sum, { alarm }) => sum + slots * metricsOf(alarm).length, 0);
  }

  /** Which alarms page, and when first, in one scenario. */
  pages(scenario: Scenario, reading: Reading): Pages {
    return this.reactions(scenario, reading).pages;
  }

  /** Which alarms page in one scenario, and which fire unheard. */
  reactions(scenario: Scenario, reading: Reading): Reactions {
    const startMs = EPOCH_MS + this.#firstSlot * SLOT_MS + (scenario.startsAt ?? DEFAULT_START) * 1000;
    const lagMs = scenario.lagSeconds === undefined ? this.lagMs : scenario.lagSeconds * 1000;
    const all = this.world.alarms.readable.map(({ alarm }) => alarm);
    let whole: Staged | undefined;
    const everything = () => {
      whole ??= this.#staged(scenario, reading, 0, this.#day.slots);
      return whole;
    };
    const other = lagMs === this.lagMs ? undefined : this.#behaviours(all, everything().data, lagMs);
    const part = other === undefined ? this.#around(scenario, reading, startMs) : undefined;
    const pages = new Map<string, number>();
    const unheard = new Map<string, number>();
    for (const { alarm, pages: reaches } of this.world.alarms.readable) {
      const acted =
        other === undefined ? this.#acted(alarm, part, everything) : other.get(alarm.name)?.actions;
      // With its own lag a scenario lasts all the time: an alarm that lag keeps in a state that pages does so at its start.
      const secondsTo = (states: readonly AlarmState[]): number | undefined => {
        const loud = (of: Behaviour | undefined) =>
          of !== undefined && states.includes(stateAt(of.transitions, startMs));
        const lagging = loud(other?.get(alarm.name)) && !loud(this.#baseline.get(alarm.name));
        const next = acted?.find((one) => one.timeMs > startMs && states.includes(one.state));
        const first = lagging ? startMs : next?.timeMs;
        return first === undefined ? undefined : Math.round((first - startMs) / 1000);
      };
      const paged = secondsTo(reaches);
      if (paged !== undefined) pages.set(alarm.name, paged);
      const lost = reaches.includes("ALARM") ? undefined : secondsTo(["ALARM"]);
      if (lost !== undefined) unheard.set(alarm.name, lost);
    }
    return { pages, unheard };
  }

  /** The days around a scenario; `undefined` when what it changes reaches beyond them. */
  #around(scenario: Scenario, reading: Reading, startMs: number): Staged | undefined {
    const reach = Math.ceil(influenceMs([...this.#sets.values()].flat(), this.lagMs) / SLOT_MS);
    const start = Math.floor((startMs - EPOCH_MS) / SLOT_MS);
    const end = start + Math.ceil((scenario.lastsSeconds * 1000) / SLOT_MS);
    const from = Math.max(0, Math.floor((start - 3 * reach) / DAY_SLOTS) * DAY_SLOTS);
    const to = Math.min(this.#day.slots, Math.ceil((end + 2 * reach) / DAY_SLOTS) * DAY_SLOTS);
    const staged = this.#staged(scenario, reading, from, to);
    const inside = [...staged.spans.values()].every(
      (span) =>
        (from === 0 || span.fromMs >= EPOCH_MS + (from + 2 * reach) * SLOT_MS) &&
        (to === this.#day.slots || span.toMs <= EPOCH_MS + (to - reach) * SLOT_MS),
    );
    return inside ? staged : undefined;
  }

  /** Plays a scenario over a part of the quiet stretch; says what changed and when. */
  #staged(scenario: Scenario, reading: Reading, from: number, to: number): Staged {
    const day = cutOf(this.#day, from, to);
    const offsetMs = EPOCH_MS + from * SLOT_MS;
    const data = new Map(this.#quiet);
    const spans = new Map<string, Span>();
    for (const [key, track] of play(this.world, day, scenario, this.#firstSlot - from, reading)) {
      const slots = difference(day.tracks.get(key) as Track, track);
      if (slots === undefined) continue;
      data.set(key, seriesOf(track, offsetMs));
      spans.set(key, { fromMs: offsetMs + slots.from * SLOT_MS, toMs: offsetMs + slots.to * SLOT_MS });
    }
    return { data, spans };
  }

  #acted(alarm: Alarm, part: Staged | undefined, everything: () => Staged): readonly Action[] | undefined {
    const set = this.#sets.get(alarm.name) as readonly Alarm[];
    const staged = part ?? everything();
    const touching = set.flatMap(metricsOf).flatMap((ref) => staged.spans.get(metricKey(ref)) ?? []);
    if (touching.length === 0) return this.#baseline.get(alarm.name)?.actions;
    const changed = {
      fromMs: Math.min(...touching.map((one) => one.fromMs)),
      toMs: Math.max(...touching.map((one) => one.toMs)),
    };
    const { lagMs } = this;
    return (
      replayed(alarm, set, staged.data, this.#range, lagMs, changed, this.#baseline, this.#evaluate) ??
      this.#behaviours(set, everything().data, lagMs).get(alarm.name)?.actions
    );
  }

  /** What new alarms do over the whole stretch. */
  #behaviours(
    alarms: readonly Alarm[],
    data: ReadonlyMap<string, MetricSeries>,
    lagMs: number,
  ): ReadonlyMap<string, Behaviour> {
    return behaviours(alarms, data, this.#range, lagMs, "INSUFFICIENT_DATA", this.#evaluate);
  }
}
