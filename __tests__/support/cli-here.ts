import { doctorCommands } from "../../doctor/commands";
import { EXIT } from "../../instruments/cli/exit";
import { tracewright } from "../../instruments/cli/main";
import type { Terminal } from "../../instruments/cli/terminal";
import { InputError } from "../../instruments/terraform-file";
import type { Ended } from "./cli";

/** Runs `tracewright` in this process, many times cheaper than in one of its own; wrong options throw. */
export async function tracewrightHere(args: readonly string[]): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const terminal: Terminal = {
    width: 100,
    out: (text) => {
      said.stdout += `${text}\n`;
    },
    progress: (text) => {
      said.stderr += `${text}\n`;
    },
    paint: (_style, text) => text,
  };
  const before = process.exitCode;
  try {
    await tracewright(terminal, doctorCommands).parseAsync([...args], { from: "user" });
    return { code: Number(process.exitCode ?? EXIT.fine), ...said };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { code: EXIT.usage, stdout: said.stdout, stderr: `${said.stderr}${error.message}\n` };
  } finally {
    process.exitCode = before;
  }
}
