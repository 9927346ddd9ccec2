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
  let events: StreamEvent[] = [];
  const takers: ((taken?: unknown) => void)[] = [];
  let makeRoom = (): void => undefined;
  let ended = false;
  let failure: unknown;

  return {
    push(event) {
      if (ended) return;
      events.push(event);
      takers.shift()?.();
    },
    room() {
      if (ended || events.length < limit) return undefined;
      return new Promise((done) => {
        makeRoom = done;
      });
    },
    end(error) {
      ended = true;
      failure = error;
      makeRoom();
      for (const taker of takers.splice(0)) taker();
    },
    clear() {
      events = [];
    },
    async next() {
      while (events.length === 0) {
        if (ended) {
          const error = failure;
          failure = undefined;
          if (error) throw error;
          return { done: true, value: undefined };
        }
        await new Promise((taken) => takers.push(taken));
      }
      const [value] = events.splice(0, 1) as [StreamEvent];
      if (events.length < limit) makeRoom();
      return { done: false, value };
    },
  };
}
