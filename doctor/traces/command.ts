import { Command } from "commander";
import type { Terminal } from "../../instruments/cli/terminal";
import { archiveCommand } from "./archive/command";
import { queryCommand } from "./query-command";
import { showCommand } from "./show-command";

/** The command `tracewright traces`. */
export function tracesCommand(terminal: Terminal): Command {
  return new Command("traces")
    .summary("search, draw and archive traces")
    .description(
      "Search X-Ray for traces, draw one as a waterfall, or archive them, over live or recorded answers.",
    )
    .addCommand(queryCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(archiveCommand(terminal));
}
