import { type Day, samplesOf, trackOf } from "../world/day";
import type { FunctionFacts } from "../world/functions";
import type { SeriesFacts } from "../world/series-facts";
import { copyOf, type Track } from "../world/track";
import type { World } from "../world/world";

/** A stretch of slots: from `from` up to, not including, `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A day being changed: what nobody touched is still the quiet day's. */
export class Stage {
  readonly tracks = new Map<string, Track>();
  readonly #runs = new Map<string, Float64Array>();
  readonly #factors = new Map<string, Float64Array>();

  constructor(
    readonly world: World,
    readonly day: Day,
  ) {}

  /** A track to write to. */
  own(key: string): Track | undefined {
    const known = this.tracks.get(key);
    if (known !== undefined) return known;
    const quiet = this.day.tracks.get(key);
    if (quiet === undefined) return undefined;
    const copy = copyOf(quiet);
    this.tracks.set(key, copy);
    return copy;
  }

  /** Puts another track in place of one. */
  replace(key: string, track: Track): void {
    if (this.day.tracks.has(key)) this.tracks.set(key, track);
  }

  /** The runs of a function with the traffic of this stage. */
  runs(fn: FunctionFacts): Float64Array {
    return this.#runs.get(fn.name) ?? (this.day.runs.get(fn.name) as Float64Array);
  }

  /** Scales the traffic of a function; every metric that it is known to write on each run starts anew from it. */
  scaleTraffic(
    fn: FunctionFacts,
    { from, to }: Window,
    by: number,
    runs: (factor: Float64Array) => Float64Array,
  ) {
    const factor = this.#factors.get(fn.name) ?? new Float64Array(this.day.slots).fill(1);
    for (let i = from; i < to; i++) factor[i] = (factor[i] as number) * by;
    this.#factors.set(fn.name, factor);
    this.#runs.set(fn.name, runs(factor));
    const all = new Map(this.world.functions.map((one) => [one.name, this.runs(one)]));
    for (const [key, facts] of this.world.series) {
      if (facts.written !== "each-run" || !facts.certain || !facts.emitters.includes(fn.name)) continue;
      this.replace(key, trackOf(facts, samplesOf(this.world, facts, all, this.day.slots), this.day.offset));
    }
  }

  /** The facts of a Lambda metric of a function, when something watches it. */
  lambdaMetric(fn: FunctionFacts, role: SeriesFacts["role"]): SeriesFacts | undefined {
    return [...this.world.series.values()].find(
      (one) => one.role === role && one.ref.dimensions["FunctionName"] === fn.name && one.source === "aws",
    );
  }
}
