import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request. */
export type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void | Promise<void>;

/** An HTTP server on loopback. */
export class LoopbackServer {
  readonly #server: Server;
  #port = 0;

  /** @param answer when it rejects, the client gets 502 with the reason, or a cut connection if an answer had begun */
  constructor(answer: Answer) {
    this.#server = createServer(async (incoming, outgoing) => {
      try {
        await answer(incoming, outgoing);
      } catch (error) {
        if (outgoing.headersSent) outgoing.destroy();
        else outgoing.writeHead(502).end(String(error));
      }
    });
  }

  /** Listens on a port: the one told, else the one it had before, else a free one. @throws Error when it is taken */
  async listen(port = this.#port): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** The port it listens on, or did last. */
  get port(): number {
    return this.#port;
  }

  /** Base URL, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Closes every connection, hanging ones included, and listens no more. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}
