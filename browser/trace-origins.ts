function originOf(url: string): string {
  return new URL(url, globalThis.location?.href).origin;
}

/**
 * The origins that are sent the trace header: the named ones, without those whose CORS turned out to refuse it. Nobody
 * else's server learns our trace ids, and no request of theirs needs a preflight because of us.
 */
export class TraceOrigins {
  readonly #named = new Set<string>();
  readonly #proved = new Set<string>();
  readonly #refusing = new Set<string>();

  /** @param urls any address of each origin; throws a TypeError for one that is no URL */
  constructor(...urls: readonly string[]) {
    for (const url of urls) this.add(url);
  }

  /** Adds the origin of an address. @throws TypeError when it is no URL */
  add(url: string): void {
    this.#named.add(originOf(url));
  }

  /** Whether a request to this address gets the header. */
  covers(url: string): boolean {
    const origin = originOf(url);
    return this.#named.has(origin) && !this.#refusing.has(origin);
  }

  /** Notes that a request with the header was answered. */
  prove(url: string): void {
    this.#proved.add(originOf(url));
  }

  /** Whether any request with the header was answered by this origin. */
  proved(url: string): boolean {
    return this.#proved.has(originOf(url));
  }

  /** Leaves the header out from now on. */
  refuse(url: string): void {
    this.#refusing.add(originOf(url));
  }

  /** Takes {@link refuse} back. */
  restore(url: string): void {
    this.#refusing.delete(originOf(url));
  }
}
