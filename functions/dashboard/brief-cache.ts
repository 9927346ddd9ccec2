interface Entry<T> {
  readonly value: T;
  readonly expires: number;
}

/** Keeps answers of this execution environment for a short while, the latest ones. */
export class BriefCache<T> {
  readonly #keepMs: number;
  readonly #most: number;
  readonly #entries = new Map<string, Entry<T>>();

  /** @param most entries kept at once */
  constructor(keepMs: number, most: number) {
    this.#keepMs = keepMs;
    this.#most = most;
  }

  /**
   * What is kept under a key, or else what `load` gives.
   *
   * @param now epoch milliseconds
   * @throws whatever `load` throws, which is not kept
   */
  async get(
    key: string,
    load: () => Promise<T>,
    now: number,
  ): Promise<{ readonly value: T; readonly hit: boolean }> {
    const kept = this.#entries.get(key);
    if (kept !== undefined && kept.expires > now) return { value: kept.value, hit: true };
    const value = await load();
    this.#entries.delete(key);
    this.#entries.set(key, { value, expires: now + this.#keepMs });
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size > this.#most) this.#entries.delete(oldest);
    return { value, hit: false };
  }
}
