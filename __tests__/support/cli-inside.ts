import { CommanderError } from "commander";
import { doctorCommands } from "../../doctor/commands";
import { tracewright } from "../../instruments/cli/main";
import { InputError } from "../../instruments/terraform-file";
import type { Ended } from "./cli";

/** Runs a command of `tracewright` in this process, which is faster than a process of its own. */
export async function tracewrightInside(args: readonly string[], width = 100): Promise<Ended> {
  const output = { stdout: "", stderr: "" };
  const terminal = {
    width,
    out: (text: string) => {
      output.stdout += `${text}\n`;
    },
    progress: (text: string) => {
      output.stderr += `${text}\n`;
    },
    paint: (_style: unknown, text: string) => text,
  };
  const before = process.exitCode;
  try {
    const program = tracewright(terminal, doctorCommands);
    const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
    for (const one of all) one.configureOutput({ writeErr: terminal.progress, writeOut: terminal.out });
    await program.parseAsync([...args], { from: "user" });
    return { code: Number(process.exitCode ?? 0), ...output };
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : 2, ...output };
    if (!(error instanceof InputError)) throw error;
    return { code: 2, stdout: output.stdout, stderr: `${output.stderr}${error.message}\n` };
  } finally {
    process.exitCode = before;
  }
}
