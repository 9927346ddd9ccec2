import type { Command } from "commander";
import type { Terminal } from "../instruments/cli/terminal";
import { auditCommand } from "./audit/command";
import { diagnoseCommand } from "./diagnose/command";
import { gateCommand } from "./gates/command";
import { killSwitchCommand } from "./kill-switch/command";
import { pinsCommand } from "./pins/command";
import { rollbackCommand } from "./rollback/command";
import { samplingCommand } from "./sampling/command";
import { tracesCommand } from "./traces/command";

/** The operator's commands, which look at what is deployed. */
export function doctorCommands(terminal: Terminal): readonly Command[] {
  return [
    diagnoseCommand(terminal),
    tracesCommand(terminal),
    samplingCommand(terminal),
    gateCommand(terminal),
    rollbackCommand(terminal),
    killSwitchCommand(terminal),
    auditCommand(terminal),
    pinsCommand(terminal),
  ];
}
