import type { Command } from "commander";
import type { Terminal } from "../instruments/cli/terminal";
import { gateCommand } from "./gates/command";
import { pinsCommand } from "./pins/command";
import { samplingCommand } from "./sampling/command";
import { tracesCommand } from "./traces/command";

/** The operator's commands, which look at what is deployed. */
export function doctorCommands(terminal: Terminal): readonly Command[] {
  return [pinsCommand(terminal), gateCommand(terminal), tracesCommand(terminal), samplingCommand(terminal)];
}
