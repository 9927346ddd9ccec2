import { spawn } from "node:child_process";

/** How a program ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Terraform in a directory. */
export type Terraform = (...args: readonly string[]) => Promise<Outcome>;

/**
 * Runs a program to its end and collects what it printed.
 *
 * @throws Error with code `ENOENT` when the program does not exist
 */
export function execute(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({
        code: code ?? 1,
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      }),
    );
  });
}

/** Terraform in one directory, with the given variables over the process's own. */
export function terraformIn(cwd: string, variables: Readonly<Record<string, string>>): Terraform {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", ...variables };
  return async (...args) => {
    try {
      return await execute("terraform", args, { cwd, env });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      throw new Error(
        "Terraform was not found on PATH. Next step: install 1.5 or newer from " +
          "https://developer.hashicorp.com/terraform/install and run this again.",
      );
    }
  };
}
