import type { IncomingMessage, ServerResponse } from "node:http";
import { HEADERS, STREAM_CORS } from "../../contract/headers";
import { gatewayTrace, lambdaHeader } from "./gateway-trace";
import { LoopbackServer } from "./loopback-server";
import type { StreamHost } from "./stream-host";
import { urlEvent } from "./url-event";

/** A request that reached the gateway. */
export interface StreamRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** As sent, names in lower case. */
  readonly headers: IncomingMessage["headers"];
}

/** How the gateway takes the next requests. */
export interface StreamPlan {
  /** Refuses so many requests with 503. */
  refusals: number;
  /** Seconds a refused client is asked to wait. */
  readonly retryAfterSeconds: number;
  /** Milliseconds until the deadline of an invocation. */
  readonly remainingMs: number;
  /** Headers a page of another origin may send. */
  readonly allowedHeaders: readonly string[];
}

const LAMBDA_LIMIT_MS = 900_000;
const USUAL: StreamPlan = {
  refusals: 0,
  retryAfterSeconds: 0,
  remainingMs: LAMBDA_LIMIT_MS,
  allowedHeaders: STREAM_CORS.requestHeaders,
};

/** Plays the Function URL in front of the streaming function, as an HTTP server on loopback with faults. */
export class StreamGateway {
  // Nobody is left to be told when the function or the client is gone.
  readonly #server = new LoopbackServer((incoming, outgoing) =>
    this.#handle(incoming, outgoing).catch(() => void outgoing.destroy()),
  );
  readonly #host: StreamHost;
  readonly #origins: readonly string[];
  readonly #open = new Map<ServerResponse, IncomingMessage>();
  #requests: StreamRequest[] = [];
  #plan: StreamPlan = { ...USUAL };

  private constructor(host: StreamHost, origins: readonly string[]) {
    this.#host = host;
    this.#origins = origins;
  }

  /** Starts on a free port of loopback. @param origins whose pages may read the stream */
  static async start(host: StreamHost, origins: readonly string[]): Promise<StreamGateway> {
    const gateway = new StreamGateway(host, origins);
    await gateway.resume();
    return gateway;
  }

  /** Base URL without a slash at the end. */
  get url(): string {
    return this.#server.url;
  }

  /** Requests other than preflights since the last {@link reset}. */
  get requests(): readonly StreamRequest[] {
    return this.#requests;
  }

  /** Changes how the next requests are taken; the rest is as usual. */
  plan(change: Partial<StreamPlan>): void {
    this.#plan = { ...USUAL, ...change };
  }

  /** Cuts every open stream with a reset. */
  cut(): void {
    for (const outgoing of this.#open.keys()) outgoing.socket?.resetAndDestroy();
  }

  /** Lets nothing through on the open streams, which stay open: the network is gone and nobody said so. */
  silence(): void {
    for (const [outgoing, answer] of this.#open) answer.unpipe(outgoing).resume();
  }

  /** Cuts every stream and listens no more. */
  async halt(): Promise<void> {
    await this.#server.stop();
  }

  /** Listens again, on the same port. */
  async resume(): Promise<void> {
    await this.#server.listen();
  }

  /** Forgets requests and plans. */
  reset(): void {
    this.#requests = [];
    this.#plan = { ...USUAL };
  }

  /** Closes the server and its connections. */
  async stop(): Promise<void> {
    await this.halt();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET" } = incoming;
    const cors = this.#cors(incoming.headers.origin);
    if (method === "OPTIONS") {
      outgoing.writeHead(200, cors).end();
      return;
    }
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://gateway");
    this.#requests.push({ at: Date.now(), method, path: pathname, headers: incoming.headers });
    const trace = gatewayTrace(String(incoming.headers[HEADERS.traceId] ?? ""));
    const common = { ...cors, [HEADERS.traceId]: `Root=${trace.root}` };
    if (this.#plan.refusals > 0) {
      this.#plan.refusals -= 1;
      const wait = { "retry-after": String(this.#plan.retryAfterSeconds) };
      outgoing
        .writeHead(503, { ...common, ...wait, "content-type": "application/json" })
        .end('{"detail":"lab"}');
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const event = urlEvent({ path: pathname, query: searchParams.toString(), headers, method });
    const { remainingMs } = this.#plan;
    const answer = await this.#host.open(event, { remainingMs, traceHeader: lambdaHeader(trace) });
    this.#hand(answer, outgoing, common);
  }

  #hand(answer: IncomingMessage, outgoing: ServerResponse, common: Readonly<Record<string, string>>): void {
    this.#open.set(outgoing, answer);
    outgoing.once("close", () => {
      this.#open.delete(outgoing);
      answer.destroy();
    });
    // The function died in the middle of its answer: so does the answer.
    answer.once("error", () => outgoing.destroy());
    const own = Object.entries(answer.headers).filter(
      ([name]) => !/^(connection|transfer-encoding)$/.test(name),
    );
    outgoing.writeHead(answer.statusCode ?? 502, { ...Object.fromEntries(own), ...common });
    outgoing.flushHeaders();
    answer.pipe(outgoing);
  }

  #cors(origin: string | undefined): Record<string, string> {
    if (origin === undefined || !this.#origins.includes(origin)) return {};
    return {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": STREAM_CORS.methods.join(","),
      "access-control-allow-headers": this.#plan.allowedHeaders.join(","),
      "access-control-expose-headers": STREAM_CORS.responseHeaders.join(","),
      "access-control-max-age": String(STREAM_CORS.maxAgeSeconds),
      vary: "Origin",
    };
  }
}
