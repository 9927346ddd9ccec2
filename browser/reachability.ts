const WINDOW_MS = 60_000;
const FAILURES = 3;

/** Tells a page that the API seems to be gone: three failures within a minute, until the next success. */
export class Reachability {
  readonly #listener: (reachable: boolean) => void;
  readonly #now: () => number;
  #failures: number[] = [];
  #reachable = true;

  /**
   * @param listener called when it changes
   * @param now milliseconds of a clock that never jumps
   */
  constructor(listener: (reachable: boolean) => void, now: () => number = () => performance.now()) {
    this.#listener = listener;
    this.#now = now;
  }

  /** Notes an answer, a refusal included. */
  succeeded(): void {
    this.#failures = [];
    this.#become(true);
  }

  /** Notes that no answer came, or one that only a gateway gives for a server that is gone. */
  failed(): void {
    const now = this.#now();
    this.#failures = [...this.#failures.filter((at) => now - at < WINDOW_MS), now];
    if (this.#failures.length >= FAILURES) this.#become(false);
  }

  #become(reachable: boolean): void {
    if (reachable === this.#reachable) return;
    this.#reachable = reachable;
    this.#listener(reachable);
  }
}
