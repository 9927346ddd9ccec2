import { once } from "node:events";
import { createGzip } from "node:zlib";

/** Most traces of one object. */
export const TRACES_PER_PART = 1000;
/** Most bytes of one object before it is zipped: half of what `--recorded` reads. A longer trace has one of its own. */
export const BYTES_PER_PART = 64 * 1024 * 1024;

/** An object of an archive while it grows. Lines are zipped as they come, so that they need not fit into memory. */
export class GrowingPart {
  readonly #gzip = createGzip();
  readonly #zipped: Buffer[] = [];
  #lines = 0;
  #bytes = 0;

  constructor() {
    this.#gzip.on("data", (piece: Buffer) => this.#zipped.push(piece));
  }

  get lines(): number {
    return this.#lines;
  }

  /** True when one more line would make it too large to be read again. */
  isFullFor(line: string): boolean {
    if (this.#lines === 0) return false;
    return this.#lines >= TRACES_PER_PART || this.#bytes + Buffer.byteLength(line) > BYTES_PER_PART;
  }

  async add(line: string): Promise<void> {
    this.#lines += 1;
    this.#bytes += Buffer.byteLength(line);
    if (!this.#gzip.write(line)) await once(this.#gzip, "drain");
  }

  /** The object. Without a time in its head, the same lines give the same bytes. */
  async closed(): Promise<Uint8Array> {
    const ended = once(this.#gzip, "end");
    this.#gzip.end();
    await ended;
    return Buffer.concat(this.#zipped);
  }
}
