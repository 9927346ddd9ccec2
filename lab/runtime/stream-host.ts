import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { newTraceHeader } from "./function-host";
import { type FunctionSettings, runtimeEnvironment } from "./runtime-environment";
import type { EndKind } from "./runtime-exchange";
import { type BodyChunk, eventsOf, type Prelude, type ReceivedEvent } from "./streamed-answer";

/** Options of {@link StreamHost.start}. */
export interface StreamHostOptions extends FunctionSettings {
  /** Source of an ES module that exports `handler`. */
  readonly code: string;
}

/** How to connect. */
export interface ConnectOptions {
  /** A fresh sampled root by default, `null` for none. */
  readonly traceHeader?: string | null;
  /** Milliseconds until the deadline. */
  readonly remainingMs: number;
  /** Closes the connection after so many bytes. */
  readonly vanishAfter?: number;
  /** Takes no more after so many bytes and keeps the connection open. */
  readonly stallAfter?: number;
}

/** What a connection brought. */
export interface Connection {
  readonly end: Extract<EndKind, "streamed" | "vanished" | "cut">;
  readonly prelude: Prelude;
  readonly body: readonly BodyChunk[];
  readonly events: readonly ReceivedEvent[];
}

const PROGRAM = resolve("lab", "runtime", "stream-process.mjs");
const START_MS = 20_000;

/**
 * Runs a streaming function in one process behind plain HTTP, for as many streams at once as a test wants. AWS's own
 * client is no use for that: it sends its responses over one socket, the next when the last has ended.
 */
export class StreamHost {
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  readonly #lines: string[] = [];
  #port = 0;

  private constructor(options: StreamHostOptions) {
    this.#directory = mkdtempSync(join(tmpdir(), "tracewright-host-"));
    const module = join(this.#directory, "index.mjs");
    writeFileSync(module, options.code);
    this.#child = fork(PROGRAM, [module], {
      cwd: this.#directory,
      env: runtimeEnvironment(options, "127.0.0.1:9", this.#directory),
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#lines.push(line));
    }
  }

  /**
   * Starts the process and waits until it can be connected to.
   *
   * @throws Error with the process's output when the module does not load
   */
  static async start(options: StreamHostOptions): Promise<StreamHost> {
    const host = new StreamHost(options);
    const port = await new Promise<number | undefined>((done) => {
      host.#child.once("message", (message) => done((message as { port: number }).port));
      host.#child.once("exit", () => done(undefined));
      setTimeout(done, START_MS, undefined).unref();
    });
    if (port === undefined) {
      await host.stop();
      throw new Error(`${options.functionName} did not start:\n${host.#lines.join("\n")}`);
    }
    host.#port = port;
    return host;
  }

  /** Lines of the process since it started. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Whether the process lives. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Connects with a Function URL's event; resolves with the answer when it begins. */
  open(event: unknown, { remainingMs, traceHeader }: ConnectOptions): Promise<IncomingMessage> {
    const header = traceHeader === undefined ? newTraceHeader() : (traceHeader ?? undefined);
    return new Promise<IncomingMessage>((done, fail) => {
      const outgoing = request(
        { host: "127.0.0.1", port: this.#port, method: "POST", agent: this.#agent },
        done,
      );
      outgoing.once("error", fail);
      outgoing.end(JSON.stringify({ event, remainingMs, traceHeader: header }));
    });
  }

  /** Connects with a Function URL's event and stays until the answer has ended. */
  async connect(event: unknown, options: ConnectOptions): Promise<Connection> {
    return received(await this.open(event, options), options);
  }

  /** Ends the process and removes the code. */
  async stop(): Promise<void> {
    this.#agent.destroy();
    if (this.alive) {
      const ended = new Promise((done) => this.#child.once("exit", done));
      this.#child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

async function received(
  response: IncomingMessage,
  { vanishAfter = Number.POSITIVE_INFINITY, stallAfter = Number.POSITIVE_INFINITY }: ConnectOptions,
): Promise<Connection> {
  const body: BodyChunk[] = [];
  let bytesSoFar = 0;
  const end = await new Promise<Connection["end"]>((done) => {
    response.on("data", (bytes: Buffer) => {
      body.push({ at: Date.now(), bytes });
      bytesSoFar += bytes.length;
      if (bytesSoFar >= stallAfter) response.pause();
      if (bytesSoFar < vanishAfter) return;
      done("vanished");
      response.destroy();
    });
    response.once("end", () => done("streamed"));
    response.once("close", () => done("cut"));
    response.once("error", () => done("cut"));
  });
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
  return { end, prelude: { statusCode: response.statusCode ?? 0, headers }, body, events: eventsOf(body) };
}
