/** The streams of this execution environment: one, or several where the runtime serves several at once. */
class Connections {
  readonly #started = performance.now();
  #streams = 0;
  #leases = 0;
  /** When leases that could not be given back expire, milliseconds since 1970. */
  #left: number[] = [];

  /** Open streams of this environment. */
  get count(): number {
    return this.#streams;
  }

  /** Seconds since the environment started. */
  get uptimeSeconds(): number {
    return Math.round((performance.now() - this.#started) / 1000);
  }

  /** Whether every open stream holds exactly one lease, and no lease is left over. */
  get valid(): boolean {
    const now = Date.now();
    this.#left = this.#left.filter((expiresAt) => expiresAt > now);
    return this.#streams === this.#leases && this.#left.length === 0;
  }

  /** Notes a stream that has its lease. */
  opened(): void {
    this.#streams += 1;
    this.#leases += 1;
  }

  /** Notes a stream that has ended. @param leftUntil when its lease expires if it could not be given back */
  closed(leftUntil?: number): void {
    this.#streams -= 1;
    this.#leases -= 1;
    if (leftUntil !== undefined) this.#left.push(leftUntil);
  }
}

/** One per process. */
export const connections = new Connections();
