import { type ChildProcess, fork } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { unzipSync } from "fflate";

/** An error a function threw, or the end of its process. */
export interface FunctionError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** What came of one invocation. */
export interface Invocation {
  readonly requestId: string;
  /** What the handler returned, by way of JSON as in Lambda; absent when it failed. */
  readonly result?: unknown;
  readonly error?: FunctionError;
  /** Lines the process wrote to stdout and stderr during the invocation. */
  readonly lines: readonly string[];
}

/** Options of {@link FunctionHost.start}. */
export interface HostOptions {
  /** Zip with an `index.js` that exports `handler`. */
  readonly zipPath: string;
  readonly functionName: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Environment variables the construct sets. */
  readonly variables: Readonly<Record<string, string>>;
  /** Address of the X-Ray daemon, `host:port`. */
  readonly xrayDaemon: string;
  /** Where the AWS SDK sends every call; none means AWS itself. */
  readonly awsEndpoint?: string;
  /** Variables of Lambda's own to leave out, to see what happens without. */
  readonly without?: readonly string[];
}

/** How to invoke. */
export interface InvokeOptions {
  /** Value of `_X_AMZN_TRACE_ID`; a fresh sampled root by default, `null` for none. */
  readonly traceHeader?: string | null;
  /** Milliseconds until the deadline, if not the function's timeout. */
  readonly remainingMs?: number;
}

/** A sampled trace header as Lambda would make for a new request. */
export function newTraceHeader(): string {
  const time = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${time}-${randomBytes(12).toString("hex")};Parent=${randomBytes(8).toString("hex")};Sampled=1`;
}

const START_MS = 20_000;

/** Found from the repository's root, where every command runs, because programs that use the host are bundled. */
const CHILD = resolve("lab", "runtime", "function-process.js");

type Answer = { readonly requestId: string; readonly result?: string; readonly error?: FunctionError };

/** Runs a function's zip in a child process the way Lambda's managed runtime does. */
export class FunctionHost {
  readonly #options: HostOptions;
  readonly #directory: string;
  #child: ChildProcess | undefined;
  #lines: string[] = [];

  private constructor(options: HostOptions) {
    this.#options = options;
    this.#directory = mkdtempSync(join(tmpdir(), "tracewright-function-"));
    for (const [name, content] of Object.entries(unzipSync(readFileSync(options.zipPath)))) {
      const path = join(this.#directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  /**
   * Unpacks the function and starts its process.
   *
   * @throws Error with the process's output when its module does not load
   */
  static async start(options: HostOptions): Promise<FunctionHost> {
    const host = new FunctionHost(options);
    try {
      await host.#boot();
    } catch (error) {
      await host.stop();
      throw error;
    }
    return host;
  }

  /** Invokes once and waits for the answer; a failed invocation is a value, not an exception. */
  async invoke(event: unknown, options: InvokeOptions = {}): Promise<Invocation> {
    if (this.#child === undefined) await this.#boot();
    const child = this.#child;
    if (child === undefined) throw new Error(`${this.#options.functionName} has no process`);
    this.#lines = [];
    const requestId = randomUUID();
    const remaining = options.remainingMs ?? this.#options.timeoutSeconds * 1000;
    const header = options.traceHeader === undefined ? newTraceHeader() : options.traceHeader;
    const answered = new Promise<Answer>((resolve) => {
      const fail = (name: string, message: string) => {
        // Left running, it would later take the next process for this one.
        clearTimeout(timer);
        // A killed process may end only when the next one runs already.
        if (this.#child === child) this.#child = undefined;
        resolve({ requestId, error: { name, message } });
      };
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        fail("Sandbox.Timedout", `Task timed out after ${remaining / 1000} seconds`);
      }, remaining);
      child.once("exit", (code) => fail("Runtime.ExitError", `the process ended with code ${code}`));
      child.once("message", (message) => {
        clearTimeout(timer);
        child.removeAllListeners("exit");
        resolve(message as Answer);
      });
    });
    child.send({
      requestId,
      event,
      deadline: Date.now() + remaining,
      traceHeader: header ?? undefined,
    });
    const { result, error } = await answered;
    // Output travels on another pipe than the answer; a turn of the loop lets what was written arrive.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const lines = this.#lines;
    if (error !== undefined) return { requestId, error, lines };
    return { requestId, result: JSON.parse(result ?? "null"), lines };
  }

  /** Ends the process and removes the unpacked code. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #environment(): Record<string, string> {
    const { variables, functionName, xrayDaemon, memoryMb, awsEndpoint, without = [] } = this.#options;
    const lambda: Record<string, string> = {
      PATH: process.env["PATH"] ?? "",
      TZ: ":UTC",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_FORMAT: "JSON",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "lab",
      AWS_SECRET_ACCESS_KEY: "lab",
      AWS_SESSION_TOKEN: "lab",
      AWS_XRAY_DAEMON_ADDRESS: xrayDaemon,
      LAMBDA_TASK_ROOT: this.#directory,
      _HANDLER: "index.handler",
      ...(awsEndpoint === undefined ? {} : { AWS_ENDPOINT_URL: awsEndpoint }),
      ...variables,
    };
    for (const name of without) if (name !== "LAMBDA_TASK_ROOT") delete lambda[name];
    return lambda;
  }

  async #boot(): Promise<void> {
    const child = fork(CHILD, [], {
      env: this.#environment(),
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      cwd: this.#directory,
    });
    this.#child = child;
    this.#lines = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#lines.push(line));
    }
    const closed = new Promise<string>((resolve) =>
      child.once("close", () => resolve(this.#lines.join("\n"))),
    );
    const ready = new Promise<undefined>((resolve) => child.once("message", () => resolve(undefined)));
    const late = new Promise<string>((resolve) => {
      setTimeout(resolve, START_MS, `no answer within ${START_MS} ms`).unref();
    });
    const problem = await Promise.race([ready, closed, late]);
    if (problem !== undefined) throw new Error(`${this.#options.functionName} did not start:\n${problem}`);
  }
}
