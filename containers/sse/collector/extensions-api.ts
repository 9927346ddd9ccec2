import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Where an extension names its error (Extensions API reference). */
const ERROR_TYPE = "lambda-extension-function-error-type";

/**
 * The part of Lambda's Extensions and Telemetry APIs that a starting extension calls, so that the shipped binary can
 * be started where there is no Lambda.
 */
export class ExtensionsApi {
  readonly #server: Server;
  readonly #shutdown: Promise<void>;
  #end: () => void = () => undefined;
  #failure: string | undefined;
  #registered = false;

  private constructor() {
    this.#shutdown = new Promise((done) => {
      this.#end = done;
    });
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", async () => {
        const path = request.url ?? "";
        response.setHeader("Lambda-Extension-Identifier", "00000000-0000-4000-8000-000000000000");
        response.setHeader("Content-Type", "application/json");
        if (path.endsWith("/extension/register")) {
          this.#registered = true;
          response.end('{"functionName":"build","functionVersion":"$LATEST","handler":"index.handler"}');
        } else if (path.endsWith("/extension/event/next")) {
          await this.#shutdown;
          response.end('{"eventType":"SHUTDOWN","shutdownReason":"SPINDOWN","deadlineMs":0}');
        } else {
          const failed = /\/extension\/(?:init|exit)\/error$/.test(path);
          if (failed) this.#failure = Buffer.concat(chunks).toString() || String(request.headers[ERROR_TYPE]);
          response.end(failed ? '{"status":"OK"}' : '"OK"');
        }
      });
    });
  }

  /** Starts to listen on loopback. */
  static async start(): Promise<ExtensionsApi> {
    const api = new ExtensionsApi();
    await new Promise<void>((done) => api.#server.listen(0, "127.0.0.1", done));
    return api;
  }

  /** `host:port`, what `AWS_LAMBDA_RUNTIME_API` holds. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** True once an extension has registered. */
  get registered(): boolean {
    return this.#registered;
  }

  /** What the extension reported as its error, if it did. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Answers the pending request for the next event with SHUTDOWN. */
  shutDown(): void {
    this.#end();
  }

  /** Stops listening. */
  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
