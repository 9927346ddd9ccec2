import { Command, CommanderError } from "commander";
import { calibrateCommand } from "../calibrate/command";
import { checkCommand } from "../check/command";
import { costCommand } from "../cost/command";
import { rehearseCommand } from "../rehearse/command";
import { InputError } from "../terraform-file";
import { EXIT } from "./exit";
import { processTerminal, type Terminal } from "./terminal";

const PROGRAM = "Prove, before anything is deployed, that AWS alarms and traces will work.";
const AFTER = `
Every FILE is \`terraform show -json\` of a plan or a state, or a synthesized cdk.tf.json.

Exit codes: 0 fine, 1 something is wrong, 2 wrong usage or unusable file, 3 nothing wrong but something could not be
evaluated.`;

/** The \`tracewright\` program with its commands. @param more commands beside the instruments */
export function tracewright(terminal: Terminal, more: (terminal: Terminal) => readonly Command[]): Command {
  const program = new Command("tracewright").description(PROGRAM).addHelpText("after", AFTER);
  for (const command of [
    checkCommand(terminal),
    rehearseCommand(terminal),
    costCommand(terminal),
    calibrateCommand(terminal),
    ...more(terminal),
  ])
    program.addCommand(command);
  for (const one of [
    program,
    ...program.commands,
    ...program.commands.flatMap((command) => command.commands),
  ])
    one.exitOverride().showHelpAfterError("(--help shows the usage)");
  return program;
}

/**
 * Runs the program.
 *
 * @param args what follows the program's name
 * @param more commands beside the instruments
 * @returns the exit code; see {@link EXIT}
 */
export async function run(
  args: readonly string[],
  more: (terminal: Terminal) => readonly Command[],
): Promise<number> {
  const terminal = processTerminal();
  try {
    await tracewright(terminal, more).parseAsync([...args], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : EXIT.fine;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    if (error instanceof InputError) {
      terminal.progress(error.message);
      return EXIT.usage;
    }
    throw error;
  }
}
