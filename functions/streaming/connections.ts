/** The streams of this execution environment: one, or several where the runtime serves several at once. */
class Connections {
  readonly #started = performance.now();
  #streams = 0;
  #leases = 0;

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
    return this.#streams === this.#leases;
  }

  /** Notes a stream that has its lease. */
  opened(): void {
    this.#streams += 1;
    this.#leases += 1;
  }

  /** Notes a stream that has ended. @param returned whether its lease was given back */
  closed(returned: boolean): void {
    this.#streams -= 1;
    if (returned) this.#leases -= 1;
  }
}

/** One per process. */
export const connections = new Connections();
