import { CommanderError } from "commander";
import { doctorCommands } from "../../doctor/commands";
import { tracewright } from "../../instruments/cli/main";
import { InputError } from "../../instruments/terraform-file";
import type { Ended } from "./cli";

/** Runs `tracewright` in this process, which saves the start of another where only the command counts. */
export async function runCommand(...args: readonly string[]): Promise<Ended> {
  const output = { stdout: "", stderr: "" };
  const terminal = {
    width: 100,
    out: (text: string) => {
      output.stdout += `${text}\n`;
    },
    progress: (text: string) => {
      output.stderr += `${text}\n`;
    },
    paint: (_style: unknown, text: string) => text,
  };
  const program = tracewright(terminal, doctorCommands);
  const all = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of [program, ...all])
    command.configureOutput({ writeErr: terminal.progress, writeOut: terminal.out });
  try {
    await program.parseAsync([...args], { from: "user" });
    return { code: Number(process.exitCode ?? 0), ...output };
  } catch (error) {
    if (error instanceof InputError) return { code: 2, ...output, stderr: output.stderr + error.message };
    if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : 2, ...output };
    throw error;
  } finally {
    process.exitCode = undefined;
  }
}
