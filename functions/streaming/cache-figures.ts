import type { Feed } from "./feed";

/** Share of the capacity above which figures are taken once. */
const FULL = 0.8;
/** Milliseconds between two takings. */
const PERIOD_MS = 60_000;

/** Attributes of a poll's span at a trigger (ANN-2). */
export interface CacheFigures {
  readonly cache_hit_rate: number;
  readonly cache_entry_count: number;
  readonly cache_max_entries: number;
  readonly cache_hits: number;
  readonly cache_misses: number;
  readonly trigger: "cold_start" | "periodic" | "threshold";
}

/** Counts how often a poll was answered from memory, and says when to put that on record (D25). */
export class CacheMeter {
  #hits = 0;
  #misses = 0;
  #takenAt: number | undefined;
  #full = false;

  /** Notes a poll; the figures when it is time for them. @param now milliseconds since 1970 */
  note(feed: Feed, hit: boolean, now: number): CacheFigures | undefined {
    if (hit) this.#hits += 1;
    else this.#misses += 1;
    const trigger = this.#trigger(feed, now);
    if (trigger === undefined) return undefined;
    this.#takenAt = now;
    return {
      cache_hit_rate: this.#hits / (this.#hits + this.#misses),
      cache_entry_count: feed.size,
      cache_max_entries: feed.capacity,
      cache_hits: this.#hits,
      cache_misses: this.#misses,
      trigger,
    };
  }

  #trigger(feed: Feed, now: number): CacheFigures["trigger"] | undefined {
    const full = feed.size >= FULL * feed.capacity;
    const crossed = full && !this.#full;
    this.#full = full;
    if (this.#takenAt === undefined) return "cold_start";
    if (crossed) return "threshold";
    return now - this.#takenAt >= PERIOD_MS ? "periodic" : undefined;
  }
}
