import {
  type Alarm,
  evaluateAlarm,
  evaluateAlarms,
  isComposite,
  isCouldNotEvaluate,
  type MetricSeries,
  metricKey,
} from "../cloudwatch";
import { metricsOf, type RehearsedAlarm } from "./alarms";
import { play } from "./effects/play";
import { DEFAULT_START, type Scenario } from "./scenario";
import { dependenciesOf } from "./search/composite";
import type { Reading } from "./select";
import { type Day, quietDay } from "./world/day";
import { EPOCH_MS, SLOT_MS, SLOT_SECONDS, seriesOf } from "./world/track";
import type { World } from "./world/world";

/** First page of each alarm, seconds from the start of a scenario; alarms that stay quiet are left out. */
export type Pages = ReadonlyMap<string, number>;

const DAY_SLOTS = 1440;
/** Days that are watched beyond the day a scenario starts on, so that slow alarms have time. */
const DAYS_AFTER = 1;

/** When alarms page: instants of ALARM actions, ms of the epoch, or why that cannot be said. */
type Instants = ReadonlyMap<string, readonly number[]>;

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
  readonly #baseline: Instants;
  readonly #byName: ReadonlyMap<string, Alarm>;
  readonly #dependencies: ReadonlyMap<string, readonly Alarm[]>;
  readonly firstSlot: number;
  /** Datapoints that alarms were evaluated over so far; for benchmarks. */
  datapoints = 0;

  /** @param days how many days are watched, at least one more than the longest scenario lasts */
  constructor(
    readonly world: World,
    readonly lagMs: number,
    days: number,
  ) {
    const { readable } = world.alarms;
    this.firstSlot = warmUpDays(readable) * DAY_SLOTS;
    this.#day = quietDay(world, this.firstSlot + days * DAY_SLOTS);
    this.#quiet = new Map([...this.#day.tracks].map(([key, track]) => [key, seriesOf(track, EPOCH_MS)]));
    this.#byName = new Map(readable.map(({ alarm }) => [alarm.name, alarm]));
    this.#dependencies = new Map(
      readable
        .filter(({ alarm }) => isComposite(alarm))
        .map(({ alarm }) => [alarm.name, dependenciesOf(alarm, this.#byName)]),
    );
    this.#baseline = this.#instants(this.#quiet, readable, lagMs);
  }

  /** Days needed for some scenarios. */
  static daysFor(scenarios: readonly Scenario[]): number {
    const ends = scenarios.map((one) => (one.startsAt ?? DEFAULT_START) + one.lastsSeconds);
    return Math.ceil(Math.max(86_400, ...ends) / 86_400) + DAYS_AFTER;
  }

  /** Which alarms page, and when first, in one scenario. */
  pages(scenario: Scenario, reading: Reading): Pages {
    const changed = play(this.world, this.#day, scenario, this.firstSlot, reading);
    const lagMs = scenario.lagSeconds === undefined ? this.lagMs : scenario.lagSeconds * 1000;
    const data = new Map(this.#quiet);
    for (const [key, track] of changed) data.set(key, seriesOf(track, EPOCH_MS));
    const all = this.world.alarms.readable;
    const touched = lagMs === this.lagMs ? all.filter(({ alarm }) => this.#touches(alarm, changed)) : all;
    const instants = new Map([...this.#baseline, ...this.#instants(data, touched, lagMs)]);
    const startMs = EPOCH_MS + this.firstSlot * SLOT_MS + (scenario.startsAt ?? DEFAULT_START) * 1000;
    const pages = new Map<string, number>();
    for (const { alarm, pages: reaches } of all) {
      const first = reaches ? instants.get(alarm.name)?.find((timeMs) => timeMs > startMs) : undefined;
      if (first !== undefined) pages.set(alarm.name, Math.round((first - startMs) / 1000));
    }
    return pages;
  }

  #touches(alarm: Alarm, changed: ReadonlyMap<string, unknown>): boolean {
    const leaves = this.#dependencies.get(alarm.name) ?? [alarm];
    return leaves.some((one) => metricsOf(one).some((ref) => changed.has(metricKey(ref))));
  }

  #instants(
    data: ReadonlyMap<string, MetricSeries>,
    alarms: readonly RehearsedAlarm[],
    lagMs: number,
  ): Instants {
    const range = {
      startMs: EPOCH_MS + (this.firstSlot - DAY_SLOTS / 2) * SLOT_MS,
      endMs: EPOCH_MS + this.#day.slots * SLOT_MS,
    };
    const options = { ingestionLagMs: lagMs };
    const answer = new Map<string, readonly number[]>();
    const slots = (range.endMs - range.startMs) / (SLOT_SECONDS * 1000);
    for (const { alarm } of alarms) {
      if (isComposite(alarm)) {
        const set = this.#dependencies.get(alarm.name) as readonly Alarm[];
        const entry = evaluateAlarms(set, data, range, options).get(alarm.name);
        this.datapoints += slots * set.length;
        if (entry === undefined || isCouldNotEvaluate(entry)) continue;
        answer.set(
          alarm.name,
          entry.actions.filter((one) => one.state === "ALARM").map((one) => one.timeMs),
        );
        continue;
      }
      const history = evaluateAlarm(alarm, data, range, options);
      this.datapoints += slots * Math.max(1, metricsOf(alarm).length);
      if (isCouldNotEvaluate(history)) continue;
      answer.set(
        alarm.name,
        history.transitions.filter((one) => one.to === "ALARM").map((one) => one.timeMs),
      );
    }
    return answer;
  }
}
