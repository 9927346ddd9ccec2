import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as it came. */
export interface Asked {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers request number so many, from 1. */
export type Answer = (response: ServerResponse, number: number, asked: Asked) => void;

/** Begins a stream. */
export function begin(
  response: ServerResponse,
  headers: Readonly<Record<string, string>> = {},
): ServerResponse {
  response.writeHead(200, { "content-type": "text/event-stream", ...headers });
  response.flushHeaders();
  return response;
}

/** A server of event streams on loopback that does what a test says. */
export class SseServer {
  readonly asked: Asked[] = [];
  /** Streams whose client is still there. */
  readonly open = new Set<ServerResponse>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(answer: Answer) {
    this.#server = createServer(async (incoming, response) => {
      const at = Date.now();
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const { method, headers } = incoming;
      const asked = { at, method, headers, body: Buffer.concat(chunks).toString("utf8") };
      this.open.add(response);
      response.on("close", () => this.open.delete(response));
      this.asked.push(asked);
      answer(response, this.asked.length, asked);
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** Starts a server, on a free port unless it is to have a certain one. */
  static async start(answer: Answer, port = 0): Promise<SseServer> {
    const server = new SseServer(answer);
    await new Promise<void>((done) => server.#server.listen(port, "127.0.0.1", done));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/stream`;
  }

  /** Resets every connection. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
