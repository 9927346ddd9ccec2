import type { StreamEvent } from "./stream-event";

/** Events that wait to be iterated over. */
export interface EventQueue {
  push(event: StreamEvent): void;
  /** Resolves when there is room again; undefined when there is. */
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
 * @param limit events from which {@link EventQueue.room} asks to wait; those of one chunk may go beyond it
 */
export function createEventQueue(limit: number): EventQueue {
  const events: StreamEvent[] = [];
  let waiting: (() => void)[] = [];
  let ended = false;
  let failure: unknown;

  const changed = (): Promise<void> => new Promise((done) => waiting.push(done));
  const full = (): boolean => !ended && events.length >= limit;

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const done of woken) done();
  }

  async function freed(): Promise<void> {
    while (full()) await changed();
  }

  return {
    push(event) {
      events.push(event);
      wake();
    },
    room: () => (full() ? freed() : undefined),
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
      const error = failure;
      failure = undefined;
      if (error) throw error;
      return { done: true, value };
    },
  };
}
