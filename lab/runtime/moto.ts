import { type ChildProcess, spawn } from "node:child_process";
import { freePort } from "./free-port";

const START_MS = 30_000;

/** The AWS emulator moto, as a server on loopback. */
export class Moto {
  readonly #child: ChildProcess;
  /** Base URL, without a slash at the end. */
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /**
   * Starts moto on a free port and waits until it answers.
   *
   * @param python command of a Python that has `moto[server]`
   * @throws Error with moto's output when it does not come up within 30 s
   */
  static async start(python: string): Promise<Moto> {
    const port = await freePort();
    const child = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
    child.on("error", (error) => {
      output += error.message;
    });
    const moto = new Moto(child, `http://127.0.0.1:${port}`);
    const deadline = Date.now() + START_MS;
    while (!(await moto.#answers())) {
      if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
        await moto.stop();
        throw new Error(`moto did not start (${python} -m moto.server); its output:\n${output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return moto;
  }

  /** Forgets every resource. */
  async reset(): Promise<void> {
    await fetch(`${this.url}/moto-api/reset`, { method: "POST" });
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#child.pid === undefined || this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    // pyenv's shim replaces itself by Python, so the process to end is this one.
    this.#child.kill("SIGTERM");
    const forced = setTimeout(() => this.#child.kill("SIGKILL"), 2000);
    await ended;
    clearTimeout(forced);
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/moto-api/data.json`)).ok;
    } catch {
      return false;
    }
  }
}
