import { isComposite, metricKey } from "../cloudwatch";
import { metricsOf } from "./alarms";
import { play } from "./effects/play";
import { DEFAULT_START, type Scenario } from "./scenario";
import { dependenciesOf } from "./search/composite";
import { quietDay } from "./world/day";
import type { SeriesFacts } from "./world/series-facts";
import type { World } from "./world/world";

/** An alarm that could not be evaluated. */
interface Doubtful {
  readonly name: string;
  readonly heard: boolean;
  /** Keys of the metrics it watches, or may watch. */
  readonly keys: readonly string[];
  /** Alarms a composite is made of. */
  readonly children: readonly string[];
}

const SLOTS_PER_DAY = 1440;
const DAY_SECONDS = 86_400;

function doubtfulOf(world: World, names: ReadonlySet<string>): readonly Doubtful[] {
  const { readable, unreadable } = world.alarms;
  const byName = new Map(readable.map(({ alarm }) => [alarm.name, alarm]));
  const read = readable
    .filter(({ alarm }) => names.has(alarm.name))
    .map(({ alarm, pages }): Doubtful => {
      const parts = isComposite(alarm) ? dependenciesOf(alarm, byName) : [];
      const children = parts.map((one) => one.name).filter((name) => name !== alarm.name);
      return { name: alarm.name, heard: pages.length > 0, keys: metricsOf(alarm).map(metricKey), children };
    });
  const hidden = unreadable.map(({ name, heard, metrics, children }) => ({
    name,
    heard,
    keys: metrics.map(metricKey),
    children,
  }));
  return [...read, ...hidden];
}

/** The alarms of a file that could not be evaluated, and what they would have to do with a scenario. */
export class Doubts {
  readonly #doubtful: readonly Doubtful[];
  /** The application with nothing but their metrics. */
  readonly #shadow: World;

  /** @param names of the alarms without a verdict */
  constructor(
    world: World,
    readonly names: ReadonlySet<string>,
  ) {
    this.#doubtful = doubtfulOf(world, names);
    const keys = new Set(this.#doubtful.flatMap((one) => one.keys));
    const series = [...keys].flatMap((key): [string, SeriesFacts][] => {
      const facts = world.series.get(key) ?? world.unread.get(key);
      return facts === undefined ? [] : [[key, facts]];
    });
    this.#shadow = { ...world, series: new Map(series) };
  }

  /**
   * Names of the alarms without a verdict that might page in a scenario: it changes what they watch, or an alarm they
   * are made of fires.
   *
   * @param fired alarms that fire in the scenario, heard or not
   */
  touchedBy(scenario: Scenario, fired: ReadonlySet<string>): readonly string[] {
    if (this.#doubtful.length === 0) return [];
    const changed = this.#changedBy(scenario);
    const own = this.#doubtful.filter((one) => one.keys.some((key) => changed.has(key)));
    const stirred = new Set([...fired, ...own.map((one) => one.name)]);
    return this.#doubtful
      .filter((one) => own.includes(one) || one.children.some((name) => stirred.has(name)))
      .filter((one) => one.heard)
      .map((one) => one.name);
  }

  #changedBy(scenario: Scenario): ReadonlySet<string> {
    const seconds = (scenario.startsAt ?? DEFAULT_START) + scenario.lastsSeconds;
    const day = quietDay(this.#shadow, (Math.ceil(seconds / DAY_SECONDS) + 1) * SLOTS_PER_DAY);
    // Whether the change is one depends on what is normal, which is a guess where the threshold is not known.
    return new Set(play(this.#shadow, day, scenario, 0, "possible").keys());
  }
}
