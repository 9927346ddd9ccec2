import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeTraces, type ReceivedSpan } from "./otlp-traces";

/** How the receiver treats exports. */
export type Behaviour =
  | { readonly kind: "healthy" }
  /** Nothing listens on the port. */
  | { readonly kind: "refuse" }
  /** Connections are accepted and never answered. */
  | { readonly kind: "hang" }
  | { readonly kind: "status"; readonly status: number }
  /** Answers 503 so many times and is healthy from then on. */
  | { readonly kind: "unavailable"; readonly times: number }
  /** Answers after so many milliseconds. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Takes so many exports, then drops its connections and the port. */
  | { readonly kind: "crash"; readonly afterExports: number };

/** One export request as it arrived. */
export interface Export {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly path: string;
  readonly contentType: string;
  /** Status answered; 0 when none was. */
  readonly status: number;
  readonly spans: readonly ReceivedSpan[];
}

/** An OTLP/HTTP collector on loopback that keeps what it accepts and fails as told. */
export class OtlpReceiver {
  readonly #server: Server;
  #port = 0;
  #behaviour: Behaviour = { kind: "healthy" };
  #exports: Export[] = [];
  #connections = 0;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      this.#handle(incoming, outgoing).catch((error: unknown) => {
        outgoing.writeHead(400).end(String(error));
      });
    });
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on("connection", () => {
      this.#connections += 1;
    });
  }

  /** Starts healthy, on a free port of loopback. */
  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await receiver.#listen();
    return receiver;
  }

  /** Value for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Every export since the last {@link reset}, failed ones included. */
  get exports(): readonly Export[] {
    return this.#exports;
  }

  /** The spans of the exports that were answered with 200. */
  get spans(): readonly ReceivedSpan[] {
    return this.#exports.filter(({ status }) => status === 200).flatMap(({ spans }) => spans);
  }

  /** Connections accepted since the last {@link reset}. */
  get connections(): number {
    return this.#connections;
  }

  /** Forgets exports and behaves as told, healthy by default. */
  async reset(behaviour: Behaviour = { kind: "healthy" }): Promise<void> {
    this.#exports = [];
    this.#connections = 0;
    this.#behaviour = behaviour;
    if (behaviour.kind === "refuse") await this.#close();
    else if (!this.#server.listening) await this.#listen();
  }

  /** Closes the server and its connections. */
  async stop(): Promise<void> {
    if (this.#server.listening) await this.#close();
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async #close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const at = Date.now();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const spans = decodeTraces(Buffer.concat(chunks));
    const status = await this.#decide();
    const contentType = incoming.headers["content-type"] ?? "";
    this.#exports.push({ at, path: incoming.url ?? "", contentType, status, spans });
    if (status > 0) outgoing.writeHead(status, { "content-type": "application/x-protobuf" }).end();
    else if (this.#behaviour.kind === "crash" && this.#server.listening) await this.#close();
  }

  /** Status to answer with, 0 for none. */
  async #decide(): Promise<number> {
    const behaviour = this.#behaviour;
    switch (behaviour.kind) {
      case "healthy":
        return 200;
      case "refuse":
      case "hang":
        return 0;
      case "status":
        return behaviour.status;
      case "unavailable":
        return this.#exports.length < behaviour.times ? 503 : 200;
      case "slow":
        await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
        return 200;
      case "crash":
        return this.#exports.length < behaviour.afterExports ? 200 : 0;
    }
  }
}
