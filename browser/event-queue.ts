import type { StreamEvent } from "./stream-event";

/** Events that wait to be iterated over. */
export interface EventQueue {
  push(event: StreamEvent): void;
  /** Whether events should wait at their source. */
  full(): boolean;
  /** Resolves when it may be full no longer. */
  changed(): Promise<void>;
  /** Lets no more in. What waits can still be had, then comes the error, if any. */
  end(error?: unknown): void;
  /** Drops what waits. */
  clear(): void;
  next(): Promise<IteratorResult<StreamEvent, undefined>>;
}

/**
 * Makes an empty queue.
 *
 * @param limit events from which it is full; those of one chunk may go beyond it
 */
export function createEventQueue(limit: number): EventQueue {
  const events: StreamEvent[] = [];
  let waiting: (() => void)[] = [];
  let ended = false;
  let failure: unknown;

  const changed = (): Promise<void> => new Promise((done) => waiting.push(done));

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const done of woken) done();
  }

  return {
    changed,
    full: () => !ended && events.length >= limit,
    push(event) {
      events.push(event);
      wake();
    },
    end(error) {
      ended = true;
      failure = error;
      wake();
    },
    clear() {
      events.length = 0;
    },
    async next() {
      while (!ended && events.length === 0) await changed();
      const value = events.shift();
      wake();
      if (value) return { done: false, value };
      if (failure) throw failure;
      return { done: true, value };
    },
  };
}
