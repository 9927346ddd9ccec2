import type { Command } from "commander";
import type { Terminal } from "../../instruments/cli/terminal";
import { type GateOptions, gateOver } from "./gate-command";
import { judgeTraceGroups, TRACE_GROUPS_SEEN } from "./trace-groups";
import { liveGroups, xrayMetrics } from "./trace-groups-live";

/** The command `tracewright gate groups`. */
export function traceGroupsCommand(terminal: Terminal): Command {
  const help = {
    name: "groups",
    summary: "judge whether trace groups are there, and counted as alarms expect",
    description:
      "Judge whether every trace group is there, and whether X-Ray publishes the count alarms read.",
    example: "tracewright gate groups --environment preprod",
    needs: "xray:GetGroups and cloudwatch:ListMetrics",
  };
  return gateOver<GateOptions>(terminal, help, async (source, { environment }) => {
    const seen = await source.read("TraceGroups", TRACE_GROUPS_SEEN, async () => ({
      Groups: await liveGroups(source.region),
      Metrics: await xrayMetrics(source.region),
    }));
    return judgeTraceGroups(environment, seen);
  });
}
