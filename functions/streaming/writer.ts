import type { Writable } from "node:stream";

/** Why nothing more can be written. */
export type Gone = "disconnected" | "stalled";

/** Milliseconds a client gets to take bytes when the stream is ending anyway. */
const LAST_MOMENT_MS = 200;

/** Writes to a client and respects how fast it reads. Never throws: a client that has gone is a result (SSE-F1). */
export class StreamWriter {
  readonly #stream: Writable;
  readonly #drainTimeoutMs: number;
  readonly #until: number;
  readonly #left = new AbortController();
  #gone: Gone | undefined;
  #ended = false;

  /**
   * @param drainTimeoutMs how long the client may take no bytes
   * @param until milliseconds since 1970 from which on it gets a moment only
   */
  constructor(stream: Writable, drainTimeoutMs: number, until: number) {
    this.#stream = stream;
    this.#drainTimeoutMs = drainTimeoutMs;
    this.#until = until;
    stream.on("error", () => this.#lose("disconnected"));
    stream.on("close", () => {
      if (!this.#ended || !stream.writableFinished) this.#lose("disconnected");
    });
  }

  /** Why the client has gone; `undefined` while it has not. */
  get gone(): Gone | undefined {
    return this.#gone;
  }

  /** Aborted when the client goes. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /** Writes and waits until there is room for more. @returns false when the client has gone */
  async write(text: string): Promise<boolean> {
    if (this.#gone !== undefined) return false;
    try {
      if (this.#stream.write(text)) return true;
    } catch {
      this.#lose("disconnected");
      return false;
    }
    const patience = Math.min(this.#drainTimeoutMs, Math.max(this.#until - Date.now(), LAST_MOMENT_MS));
    const drained = await this.#within(patience, "drain");
    if (!drained) this.#lose("stalled");
    return this.#gone === undefined;
  }

  /**
   * Ends the stream and waits until it is out, but no longer than `timeoutMs` nor than a client may take no bytes; cuts
   * it then, for one that does not read must not hold an execution environment until its deadline.
   */
  async end(timeoutMs: number): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stream.destroyed) return;
    // Who was given up gets no second chance.
    if (this.#gone !== undefined) return void this.#stream.destroy();
    this.#stream.end();
    if (this.#stream.writableFinished) return;
    if (!(await this.#within(Math.min(timeoutMs, this.#drainTimeoutMs), "finish"))) {
      this.#lose("stalled");
      this.#stream.destroy();
    }
  }

  /** Whether an event comes in time. */
  #within(timeoutMs: number, event: "drain" | "finish"): Promise<boolean> {
    return new Promise((resolve) => {
      const succeed = () => settle(true);
      const fail = () => settle(false);
      const timer = setTimeout(fail, timeoutMs);
      const settle = (came: boolean) => {
        clearTimeout(timer);
        this.#stream.off(event, succeed).off("close", fail).off("error", fail);
        resolve(came);
      };
      this.#stream.once(event, succeed).once("close", fail).once("error", fail);
    });
  }

  #lose(why: Gone): void {
    if (this.#gone !== undefined) return;
    this.#gone = why;
    this.#left.abort();
  }
}
