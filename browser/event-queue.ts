import type { StreamEvent } from "./stream-event";

/** Events that wait to be iterated over. */
export interface EventQueue {
  push(event: StreamEvent): void;
  /** Undefined while there is room; otherwise resolves when there may be some. */
  room(): Promise<void> | undefined;
  /** Lets no more in. What waits can still be had, then comes the error, if any. */
  end(error?: unknown): void;
  /** Drops what waits. */
  clear(): void;
  next(): Promise<IteratorResult<StreamEvent, undefined>>;
}

/**
 * Makes an empty queue.
 *
 * @param limit events from which there is no room; those of one chunk may go beyond it
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
    room: () => (!ended && events.length >= limit ? changed() : undefined),
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
