import { spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Ended } from "./cli";

const ROOT = resolve(__dirname, "..", "..");

/** Runs `tracewright` in a process of its own while this one goes on, so that it can talk to servers of a test. */
export function tracewrightBeside(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const program = resolve(ROOT, "tooling", "tracewright.mjs");
  const child = spawn(process.execPath, [program, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...variables },
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  return new Promise((done) => child.once("close", (code) => done({ code, ...output })));
}
