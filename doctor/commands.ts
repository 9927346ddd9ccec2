import type { Command } from "commander";
import type { Terminal } from "../instruments/cli/terminal";
import { gateCommand } from "./gates/command";

/** The operator's commands, which look at what is deployed. */
export function doctorCommands(terminal: Terminal): readonly Command[] {
  return [gateCommand(terminal)];
}
