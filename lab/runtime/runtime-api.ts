import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, type Caller, parseError, type ReportedError, readAnswer } from "./runtime-exchange";
import type { BodyChunk } from "./streamed-answer";

const PREFIX = "/2018-06-01/runtime";

/** One invocation to hand out. */
export interface Work {
  readonly event: unknown;
  /** Value of the trace header; `undefined` sends none. */
  readonly traceHeader: string | undefined;
  /** Milliseconds from now until the deadline. */
  readonly remainingMs: number;
  readonly functionArn: string;
  readonly caller: Caller;
}

/** An invocation that was handed out. */
export interface Exchange {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Settles when the answer is complete or the invocation has been given up. */
  readonly answered: Promise<Answer>;
  /** Settles with the time, in milliseconds since the epoch, of the client's next request for work. */
  readonly completed: Promise<number>;
}

interface Running {
  readonly caller: Caller;
  /** The body so far. */
  readonly chunks: BodyChunk[];
  readonly settle: (answer: Answer) => void;
  readonly complete: (at: number) => void;
  answered: boolean;
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Lambda's Runtime API on loopback: hands out invocations and takes in answers, streams included. */
export class RuntimeApi {
  readonly #server: Server;
  readonly #running = new Map<string, Running>();
  #pollers: ServerResponse[] = [];
  #polled: (() => void)[] = [];
  #initError: ReportedError | undefined;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      this.#handle(incoming, outgoing).catch((error: unknown) => {
        outgoing.writeHead(500).end(String(error));
      });
    });
    // A request for work may wait as long as an environment lives.
    this.#server.requestTimeout = 0;
  }

  /** Starts on a free port of loopback. */
  static async start(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  /** Value for `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What the client reported as the reason it could not start. */
  get initError(): ReportedError | undefined {
    return this.#initError;
  }

  /** Waits until a client asks for work. */
  async ready(): Promise<void> {
    if (this.#pollers.length > 0) return;
    await new Promise<void>((resolve) => this.#polled.push(resolve));
  }

  /** Hands an invocation to the next client that asks for work. */
  async handOut(work: Work): Promise<Exchange> {
    await this.ready();
    const poller = this.#pollers.shift();
    if (poller === undefined) return this.handOut(work);
    const requestId = randomUUID();
    const startedAt = Date.now();
    const deadline = startedAt + work.remainingMs;
    const answered = deferred<Answer>();
    const completed = deferred<number>();
    const running: Running = {
      caller: work.caller,
      chunks: [],
      settle: (answer) => {
        running.answered = true;
        answered.resolve(answer);
      },
      complete: completed.resolve,
      answered: false,
    };
    this.#running.set(requestId, running);
    poller.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": requestId,
      "lambda-runtime-deadline-ms": String(deadline),
      "lambda-runtime-invoked-function-arn": work.functionArn,
      ...(work.traceHeader === undefined ? {} : { "lambda-runtime-trace-id": work.traceHeader }),
    });
    poller.end(JSON.stringify(work.event));
    return { requestId, startedAt, deadline, answered: answered.promise, completed: completed.promise };
  }

  /** Gives invocations up, all or one, because the deadline passed or the process ended. */
  giveUp(end: "timed-out" | "exited", requestId?: string): void {
    for (const [id, { chunks, settle }] of this.#running) {
      if (requestId !== undefined && id !== requestId) continue;
      settle({ end, endedAt: Date.now(), contentType: "", chunks: [...chunks], trailers: {} });
    }
  }

  /** Forgets waiting clients, after their process has ended. */
  forgetPollers(): void {
    for (const poller of this.#pollers) poller.destroy();
    this.#pollers = [];
  }

  /** Closes the server and its connections. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (incoming.url ?? "").slice(PREFIX.length);
    if (path === "/invocation/next") return this.#poll(outgoing);
    if (path === "/init/error") {
      this.#initError = parseError(await textOf(incoming)) ?? { errorType: "unknown" };
      outgoing.writeHead(202).end();
      return;
    }
    const [, requestId = "", kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const running = this.#running.get(requestId);
    if (running === undefined) {
      outgoing.writeHead(404).end(`${incoming.method} ${incoming.url} names no running invocation`);
    } else if (kind === "error") {
      const error = parseError(await textOf(incoming)) ?? { errorType: "unknown" };
      outgoing.writeHead(202).end();
      running.settle({
        end: "failed",
        endedAt: Date.now(),
        contentType: "",
        chunks: [],
        trailers: {},
        error,
      });
    } else {
      running.settle(await readAnswer(incoming, outgoing, running.caller, running.chunks));
    }
  }

  /** Asking for work is what completes an invocation that has been answered. */
  #poll(outgoing: ServerResponse): void {
    const at = Date.now();
    for (const [id, { answered, complete }] of this.#running) {
      if (!answered) continue;
      complete(at);
      this.#running.delete(id);
    }
    outgoing.once("close", () => {
      this.#pollers = this.#pollers.filter((poller) => poller !== outgoing);
    });
    this.#pollers.push(outgoing);
    for (const wake of this.#polled.splice(0)) wake();
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
