import { STREAM } from "../../contract/streaming";
import { articlesBetween, type Query } from "./articles";
import type { Position } from "./position";
import { settings } from "./settings";
import type { Counts, Step } from "./step";
import { Window } from "./window";

/** Articles the index shows late are looked for this far back, milliseconds; they count in the step that finds them. */
const OVERLAP_MS = 30_000;

/** How far back streams can be resumed, in whole steps, milliseconds. */
const REACH_MS = Math.floor(STREAM.resumeMs / settings.pollIntervalMs) * settings.pollIntervalMs;

/** How a step came about. */
export interface Advance {
  /** True when it was in memory already, or on its way there for another stream. */
  readonly hit: boolean;
  readonly queries: readonly Query[];
}

/**
 * The steps of the stream, worked out once per execution environment and shared by its streams. Steps of the last
 * quarter of an hour stay in memory to be resumed from.
 */
export class Feed {
  #window: Window | undefined;
  readonly #steps = new Map<number, Step>();
  /** Articles of the last {@link OVERLAP_MS} that have been counted, and when they were analyzed. */
  readonly #counted = new Map<string, number>();
  #underway: Promise<readonly Query[]> | undefined;

  /** Steps in memory. */
  get size(): number {
    return this.#steps.size;
  }

  /** Steps that fit into memory. */
  get capacity(): number {
    return REACH_MS / settings.pollIntervalMs;
  }

  /** Counts as of the end of a step in memory. */
  countsAt(end: number): Counts | undefined {
    return this.#steps.get(end)?.counts;
  }

  /**
   * Works out every step up to one.
   *
   * @param target end of a step that is settled, milliseconds since 1970
   * @throws whatever DynamoDB answered; what has been worked out stays, and the next call goes on from there
   */
  async through(target: number): Promise<Advance> {
    // What is under way may be of an invocation that ended long ago, and its failure is not ours.
    await this.#underway?.catch(() => undefined);
    if (this.#reached(target)) return { hit: true, queries: [] };
    const mine = this.#underway === undefined;
    this.#underway ??= this.#advance(target).finally(() => {
      this.#underway = undefined;
    });
    const queries = await this.#underway;
    // Another stream may have wanted less.
    if (!this.#reached(target)) return this.through(target);
    return mine ? { hit: false, queries } : { hit: true, queries: [] };
  }

  /**
   * The steps with events after a position, in order.
   *
   * @param target end of the last step wanted; other streams may have brought the feed further already
   */
  after(position: Position, target: number): readonly Step[] {
    const last = Math.min(this.#window?.end ?? 0, target);
    const steps: Step[] = [];
    for (let end = position.step; end <= last; end += settings.pollIntervalMs) {
      const step = this.#steps.get(end);
      if (step !== undefined) steps.push(step);
    }
    return steps;
  }

  /** Whether a stream can go on after a position: its step is in memory, or is the next one. */
  reaches({ step, n }: Position): boolean {
    const last = this.#window?.end;
    if (last === undefined) return false;
    if (step === last + settings.pollIntervalMs) return n === 0;
    const known = this.#steps.get(step);
    return known !== undefined && n <= known.events.length;
  }

  #reached(target: number): boolean {
    return this.#window !== undefined && this.#window.end >= target;
  }

  async #advance(target: number): Promise<readonly Query[]> {
    const interval = settings.pollIntervalMs;
    const first = target - REACH_MS;
    const current = this.#window;
    // After a longer freeze nothing in memory is of use any more.
    const fresh = current === undefined || current.end < first;
    const from = fresh ? first : current.end;
    const since = fresh ? first - STREAM.windowMs : from - OVERLAP_MS;
    const { articles, queries } = await articlesBetween(since, target);
    const failed = queries.find(({ error }) => error !== undefined);
    if (failed !== undefined) throw new PollError(queries, failed.error);
    if (fresh) {
      this.#steps.clear();
      this.#counted.clear();
    }
    const unseen = articles.filter(({ id }) => !this.#counted.has(id));
    const window = fresh ? new Window(first) : current;
    if (fresh)
      window.advance(
        first,
        unseen.filter(({ analyzedAt }) => analyzedAt <= first),
      );
    const rest = fresh ? unseen.filter(({ analyzedAt }) => analyzedAt > first) : unseen;
    for (let end = from + interval; end <= target; end += interval) {
      const arrived = rest.filter(({ analyzedAt }) => stepOf(analyzedAt, from, interval) === end);
      this.#steps.set(end, window.advance(end, arrived));
    }
    for (const { id, analyzedAt } of unseen) this.#counted.set(id, analyzedAt);
    this.#window = window;
    this.#forget(target);
    return queries;
  }

  #forget(target: number): void {
    for (const end of this.#steps.keys()) if (end <= target - REACH_MS) this.#steps.delete(end);
    for (const [id, analyzedAt] of this.#counted) {
      if (analyzedAt <= target - OVERLAP_MS) this.#counted.delete(id);
    }
  }
}

/** The end of the step an article counts in: its own, or the first one for a late article. */
function stepOf(analyzedAt: number, from: number, interval: number): number {
  return Math.max(Math.ceil(analyzedAt / interval) * interval, from + interval);
}

/** A poll failed; carries its queries so that their spans can be written. */
export class PollError extends Error {
  override readonly name = "PollError";
  readonly queries: readonly Query[];

  constructor(queries: readonly Query[], cause: unknown) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : "a query failed", { cause });
    this.queries = queries;
  }
}
