/** The longest a timer can wait. */
const LONGEST_MS = 2 ** 31 - 1;
/** What a machine that slept gets to read the bytes that came meanwhile. */
const AFTER_SLEEP_MS = 1000;

/** Calls somebody when nothing happens for too long. */
export interface Watchdog {
  /** Starts over with so many milliseconds; 0 for ever. */
  watch(milliseconds: number): void;
  /** Watches no more and leaves no timer. */
  stop(): void;
}

/**
 * Makes a watchdog on the monotonic clock, so that a clock set back or forth does not matter. One timer serves many
 * calls of `watch`: it looks again when it fires early.
 */
export function createWatchdog(bark: () => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Number.POSITIVE_INFINITY;
  let firesAt = 0;

  function arm(): void {
    const left = Math.min(due - performance.now(), LONGEST_MS);
    clearTimeout(timer);
    firesAt = performance.now() + left;
    timer = setTimeout(look, left);
  }

  function look(): void {
    timer = undefined;
    const now = performance.now();
    if (due === Number.POSITIVE_INFINITY) return;
    if (now - firesAt > AFTER_SLEEP_MS) due = Math.max(due, now + AFTER_SLEEP_MS);
    if (now < due) arm();
    else bark();
  }

  return {
    watch(milliseconds) {
      due = milliseconds > 0 ? performance.now() + milliseconds : Number.POSITIVE_INFINITY;
      if (due < firesAt || (timer === undefined && due < Number.POSITIVE_INFINITY)) arm();
    },
    stop() {
      due = Number.POSITIVE_INFINITY;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
