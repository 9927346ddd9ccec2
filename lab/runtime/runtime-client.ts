import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { newTraceHeader } from "./function-host";
import { RuntimeApi } from "./runtime-api";
import { type FunctionSettings, runtimeEnvironment } from "./runtime-environment";
import type { Caller } from "./runtime-exchange";
import { readable, type StreamedInvocation } from "./streamed-invocation";

/** Where `npm run test:runtime` builds AWS's runtime clients. */
export const RUNTIME_CLIENTS = resolve("lab", "runtime-client", "node_modules");

/** A generation of AWS's runtime client; which of them a managed runtime runs cannot be seen from outside. */
export type RuntimeClientVersion = "3" | "4";

const PROGRAMS: Readonly<Record<RuntimeClientVersion, readonly string[]>> = {
  "3": [join(RUNTIME_CLIENTS, "aws-lambda-ric", "bin", "index.mjs"), "index.handler"],
  "4": [join(RUNTIME_CLIENTS, "aws-lambda-ric-4", "index.mjs")],
};

/** Options of {@link RuntimeClient.start}. */
export interface RuntimeClientOptions extends FunctionSettings {
  readonly version: RuntimeClientVersion;
  /** Source of an ES module that exports `handler`. */
  readonly code: string;
  readonly timeoutSeconds: number;
}

/** How to invoke. */
export interface StreamOptions {
  /** Trace header; a fresh sampled root by default, `null` for none. */
  readonly traceHeader?: string | null;
  /** Milliseconds until the deadline, if not the function's timeout. */
  readonly remainingMs?: number;
  readonly caller?: Caller;
  /** True beside other invocations: the answer is waited for, not the client's next request for work. */
  readonly concurrent?: boolean;
}

const START_MS = 20_000;
/** Output travels on another pipe than the answer. */
const OUTPUT_MS = 30;

/** Runs a function in a child process under AWS's own runtime client, against a Runtime API on loopback. */
export class RuntimeClient {
  readonly #options: RuntimeClientOptions;
  readonly #api: RuntimeApi;
  readonly #directory: string;
  #child: ChildProcess | undefined;
  #exited: Promise<undefined> = Promise.resolve(undefined);
  #lines: string[] = [];

  private constructor(options: RuntimeClientOptions, api: RuntimeApi) {
    this.#options = options;
    this.#api = api;
    this.#directory = mkdtempSync(join(tmpdir(), "tracewright-stream-"));
    writeFileSync(join(this.#directory, "index.mjs"), options.code);
  }

  /**
   * Starts the process and waits until it asks for work.
   *
   * @throws Error with the process's output when the module does not load
   */
  static async start(options: RuntimeClientOptions): Promise<RuntimeClient> {
    const client = new RuntimeClient(options, await RuntimeApi.start());
    try {
      await client.#boot();
    } catch (error) {
      await client.stop();
      throw error;
    }
    return client;
  }

  /** Lines of the process since it started. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Process id, for looking at what the process holds open. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Invokes once, starting a new process if the last one ended; a failed invocation is a value, not an exception. */
  async invoke(event: unknown, options: StreamOptions = {}): Promise<StreamedInvocation> {
    if (this.#child === undefined) await this.#boot();
    const first = this.#lines.length;
    const traceHeader = options.traceHeader === undefined ? newTraceHeader() : options.traceHeader;
    const exchange = await this.#api.handOut({
      event,
      traceHeader: traceHeader ?? undefined,
      remainingMs: options.remainingMs ?? this.#options.timeoutSeconds * 1000,
      functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${this.#options.functionName}`,
      caller: options.caller ?? { kind: "reads" },
    });
    const timer = setTimeout(() => {
      this.#api.giveUp("timed-out", exchange.requestId);
      this.#kill();
    }, exchange.deadline - Date.now());
    const answer = await exchange.answered;
    const completedAt =
      options.concurrent === true ? undefined : await Promise.race([exchange.completed, this.#exited]);
    clearTimeout(timer);
    await new Promise((done) => setTimeout(done, OUTPUT_MS));
    const { requestId, startedAt, deadline } = exchange;
    return {
      requestId,
      startedAt,
      deadline,
      ...readable(answer),
      ...(completedAt === undefined ? {} : { completedAt }),
      lines: this.#lines.slice(first),
    };
  }

  /** Ends the process, closes the Runtime API and removes the code. */
  async stop(): Promise<void> {
    if (this.#child !== undefined) {
      this.#kill();
      await this.#exited;
    }
    await this.#api.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #kill(): void {
    this.#child?.kill("SIGKILL");
  }

  async #boot(): Promise<void> {
    const child = spawn(process.execPath, PROGRAMS[this.#options.version], {
      cwd: this.#directory,
      env: runtimeEnvironment(this.#options, this.#api.address, this.#directory),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => this.#lines.push(line));
    }
    const closed = new Promise<string>((done) => child.once("close", () => done("the process ended")));
    this.#exited = new Promise((done) => {
      child.once("exit", () => {
        this.#child = undefined;
        this.#api.forgetPollers();
        this.#api.giveUp("exited");
        done(undefined);
      });
    });
    const late = new Promise<string>((done) => {
      setTimeout(done, START_MS, `no request for work within ${START_MS} ms`).unref();
    });
    const problem = await Promise.race([this.#api.ready().then(() => undefined), closed, late]);
    if (problem === undefined) return;
    const reported = JSON.stringify(this.#api.initError ?? null);
    const output = this.#lines.join("\n");
    throw new Error(
      `${this.#options.functionName} did not start: ${problem}; reported ${reported};\n${output}`,
    );
  }
}
