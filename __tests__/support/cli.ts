import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "..", "..");

/** How a run of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PROGRAM = resolve(ROOT, "tooling", "tracewright.mjs");

/** Runs `tracewright` as a user does, in a process of its own. */
export function tracewright(args: readonly string[], options: { readonly cwd?: string } = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd ?? ROOT,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, stdout, stderr };
}

/**
 * Runs `tracewright` while this process goes on, so that it can be the server the command talks to.
 *
 * @param variables environment variables beside this process's own
 */
export async function tracewrightAsync(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...variables },
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (chunk: Buffer) => {
      output[name] += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, ...output };
}
