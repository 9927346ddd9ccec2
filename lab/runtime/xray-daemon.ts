import { createSocket, type Socket } from "node:dgram";
import type { AddressInfo } from "node:net";

/** A document the X-Ray SDK sent; only the fields tests and viewers read. */
export interface SegmentDocument {
  readonly id: string;
  readonly trace_id: string;
  readonly parent_id?: string;
  readonly name: string;
  readonly namespace?: "aws" | "remote";
  readonly fault?: boolean;
  readonly error?: boolean;
  readonly throttle?: boolean;
  readonly cause?: { readonly exceptions: readonly CapturedException[] };
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly aws?: { readonly operation?: string };
  readonly http?: {
    readonly request?: { readonly url: string };
    readonly response?: { readonly status: number };
  };
  readonly start_time: number;
  readonly end_time?: number;
  readonly subsegments?: readonly SegmentDocument[];
}

/** An exception inside a document. */
export interface CapturedException {
  readonly type: string;
  readonly message: string;
  readonly stack: readonly unknown[];
}

/** Milliseconds without a datagram after which a burst counts as complete. */
const QUIET_MS = 60;

/** Stands in for the X-Ray daemon: collects the documents functions send over UDP on loopback. */
export class XRayDaemon {
  readonly #socket: Socket;
  #documents: SegmentDocument[] = [];
  #bytes: number[] = [];
  #lastArrival = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (datagram) => this.#receive(datagram));
  }

  /** Starts listening on a free port of loopback. */
  static async start(): Promise<XRayDaemon> {
    const socket = createSocket({ type: "udp4", recvBufferSize: 8 * 1024 * 1024 });
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(0, "127.0.0.1", resolve);
    });
    return new XRayDaemon(socket);
  }

  /** Value for `AWS_XRAY_DAEMON_ADDRESS`. */
  get address(): string {
    return `127.0.0.1:${(this.#socket.address() as AddressInfo).port}`;
  }

  /** Waits until no document has come for a moment, and gives all since the last {@link clear}. */
  async settled(): Promise<readonly SegmentDocument[]> {
    const asked = Date.now();
    for (;;) {
      const quiet = Date.now() - Math.max(this.#lastArrival, asked);
      if (quiet >= QUIET_MS) return this.#documents;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS - quiet));
    }
  }

  /** Bytes of each datagram since the last {@link clear}, header included. */
  get sizes(): readonly number[] {
    return this.#bytes;
  }

  /** Forgets what has arrived. */
  clear(): void {
    this.#documents = [];
    this.#bytes = [];
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #receive(datagram: Buffer): void {
    // The real daemon passes over an empty datagram, too; a probe sends one to see whether the port is refused.
    if (datagram.length === 0) return;
    this.#lastArrival = Date.now();
    this.#bytes.push(datagram.length);
    const text = datagram.toString("utf8");
    const end = text.indexOf("\n");
    const header: unknown = JSON.parse(text.slice(0, end));
    if (typeof header !== "object" || header === null || !("format" in header) || header.format !== "json") {
      throw new Error(
        `An X-Ray datagram began with ${text.slice(0, 80)}, expected {"format":"json","version":1}`,
      );
    }
    this.#documents.push(JSON.parse(text.slice(end + 1)) as SegmentDocument);
  }
}
