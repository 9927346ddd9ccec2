import type { Query } from "./articles";
import { type Bucket, bucketsOf } from "./buckets";
import { Feed, PollError } from "./feed";
import { type EventFilter, passes } from "./filter";
import { type PollScope, recordPoll } from "./poll-record";
import type { Position } from "./position";
import type { Step, StepEvent } from "./step";

/** The process's one feed. */
export const feed = new Feed();

/** An event of a stream, and the position reached with it. */
export interface Numbered {
  readonly event: StepEvent;
  readonly position: Position;
  readonly step: Step;
  /** The bucket's row, for a bucket event that has one. */
  readonly bucket?: Bucket | undefined;
}

/** What of the steps after a position, up to one, passes a filter. */
function pending(after: Position, target: number, filter: EventFilter): readonly Numbered[] {
  return feed.after(after, target).flatMap((step) =>
    step.events.flatMap((event, index) => {
      const position = { step: step.end, n: index + 1 };
      if (step.end === after.step && position.n <= after.n) return [];
      return passes(filter, event) ? [{ event, position, step }] : [];
    }),
  );
}

/** Milliseconds from the first query's start to the last one's end. */
function spent(queries: readonly Query[]): number {
  if (queries.length === 0) return 0;
  return (
    Math.max(...queries.map(({ endedAt }) => endedAt)) -
    Math.min(...queries.map(({ startedAt }) => startedAt))
  );
}

/** One poll under way, from which its record is written. */
class Poll {
  readonly #scope: PollScope;
  readonly #startedAt = Date.now();
  #hit = false;
  #queries: readonly Query[] = [];
  #buckets: { readonly startedAt: number; readonly endedAt: number } | undefined;

  constructor(scope: PollScope) {
    this.#scope = scope;
  }

  async through(target: number): Promise<void> {
    const { hit, queries } = await feed.through(target);
    this.#hit = hit;
    this.#queries = queries;
  }

  async withBuckets(numbered: readonly Numbered[]): Promise<readonly Numbered[]> {
    const steps = numbered.flatMap(({ event, step }) => (event.kind === "bucket" ? [step] : []));
    if (steps.length === 0) return numbered;
    const startedAt = Date.now();
    const { rows, read } = await bucketsOf([...new Set(steps)]);
    if (read) this.#buckets = { startedAt, endedAt: Date.now() };
    return numbered.map((one) =>
      one.event.kind === "bucket" ? { ...one, bucket: rows.get(one.event) } : one,
    );
  }

  succeeded(changed: number): void {
    if (!this.#hit || this.#buckets !== undefined) this.#scope.metrics.emit("PollDurationMs", this.#duration);
    this.#record(changed);
  }

  failed(error: unknown): void {
    if (error instanceof PollError) this.#queries = error.queries;
    this.#scope.metrics.emit("StreamPollFailures", 1);
    this.#record(0, error instanceof PollError ? error.cause : error);
  }

  get #duration(): number {
    return (
      spent(this.#queries) +
      (this.#buckets === undefined ? 0 : this.#buckets.endedAt - this.#buckets.startedAt)
    );
  }

  #record(changed: number, error?: unknown): void {
    recordPoll(
      {
        startedAt: this.#startedAt,
        durationMs: this.#duration,
        hit: this.#hit,
        queries: this.#queries,
        buckets: this.#buckets,
        changed,
        error,
      },
      feed,
      this.#scope,
    );
  }
}

/**
 * Brings the feed up to a step and reads what a stream has not sent yet. The spans are written afterwards, because only
 * then it is known whether the poll deserves any.
 *
 * @param target end of a settled step, milliseconds since 1970
 * @param after position reached; `undefined` when only the feed is wanted
 * @throws whatever DynamoDB answered; nothing is skipped, the next poll starts from the same position
 */
export async function poll(
  target: number,
  after: Position | undefined,
  filter: EventFilter,
  scope: PollScope,
): Promise<readonly Numbered[]> {
  const one = new Poll(scope);
  try {
    await one.through(target);
    const numbered = after === undefined ? [] : await one.withBuckets(pending(after, target, filter));
    one.succeeded(numbered.length);
    return numbered;
  } catch (error) {
    one.failed(error);
    throw error;
  }
}
