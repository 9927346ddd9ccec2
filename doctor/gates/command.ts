import { Command } from "commander";
import type { Terminal } from "../../instruments/cli/terminal";
import { clockCommand } from "./clock-command";
import { coldStartCommand } from "./cold-start-command";
import { driftCommand } from "./drift-command";
import { frontendCommand } from "./frontend-command";
import { latencyCommand, serviceMapCommand } from "./map-and-latency-commands";
import { orderCommand } from "./order-command";
import { retentionCommand } from "./retention-command";
import { snsCommand } from "./sns-command";
import { annotationsCommand, structureCommand } from "./trace-gate-commands";
import { traceGroupsCommand } from "./trace-groups-command";
import { versionsCommand } from "./versions-command";

/**
 * [AWS] VER-3: doctor/gates/command.ts
 *
 * The command `tracewright gate`: the tests' last tier, in a real account.
 */
export function gateCommand(terminal: Terminal): Command {
  return new Command("gate")
    .summary("judge a deployed release")
    .description("Judge, from what AWS or a browser recorded, whether a deployed release keeps its promises.")
    .addCommand(coldStartCommand(terminal))
    .addCommand(frontendCommand(terminal))
    .addCommand(orderCommand(terminal))
    .addCommand(clockCommand(terminal))
    .addCommand(snsCommand(terminal))
    .addCommand(structureCommand(terminal))
    .addCommand(annotationsCommand(terminal))
    .addCommand(serviceMapCommand(terminal))
    .addCommand(latencyCommand(terminal))
    .addCommand(retentionCommand(terminal))
    .addCommand(versionsCommand(terminal))
    .addCommand(traceGroupsCommand(terminal))
    .addCommand(driftCommand(terminal));
}
