import type { Command } from "commander";
import { TRACE_GROUPS, traceGroupName } from "../../contract/sampling";
import type { Terminal } from "../../instruments/cli/terminal";
import type { Finding } from "./finding";
import { type GateOptions, gateOver, minutesOption } from "./gate-command";
import type { GateSource } from "./gate-source";
import { judgeTraceGroups, TRACE_GROUPS_SEEN } from "./trace-groups";
import { liveGroups, xrayMetrics } from "./trace-groups-live";

/** Options of the gate. */
export interface TraceGroupsOptions extends GateOptions {
  readonly minutes: number;
}

/** How long CloudWatch may take to list a new metric, milliseconds (API reference of ListMetrics). */
const LISTED_MS = 15 * 60_000;

/**
 * Reads groups, metrics, and which groups have traces old enough to be counted (SMP-2).
 *
 * @throws InputError when AWS or a recording refuses
 */
export async function gateTraceGroups(
  source: GateSource,
  { environment, minutes }: TraceGroupsOptions,
  progress: (text: string) => void,
): Promise<readonly Finding[]> {
  const seen = await source.read("TraceGroups", TRACE_GROUPS_SEEN, async () => {
    const Groups = await liveGroups(source.region);
    const Metrics = await xrayMetrics(source.region);
    const toMs = Date.now() - LISTED_MS;
    const WithTraces: string[] = [];
    for (const { noun, filter } of TRACE_GROUPS) {
      progress(`looking for a trace of group ${noun}`);
      const found = await source.summaries({ fromMs: toMs - minutes * 60_000, toMs }, filter, 1);
      if (found.length > 0) WithTraces.push(traceGroupName(environment, noun));
    }
    return { Groups, Metrics, WithTraces };
  });
  return judgeTraceGroups(environment, seen);
}

/** The command `tracewright gate groups`. */
export function traceGroupsCommand(terminal: Terminal): Command {
  const help = {
    name: "groups",
    summary: "judge whether trace groups are there, and counted as alarms expect",
    description:
      "Judge whether every trace group is there, and whether X-Ray publishes the count alarms read.",
    example: "tracewright gate groups --environment preprod",
    needs: "xray:GetGroups, xray:GetTraceSummaries and cloudwatch:ListMetrics",
  };
  return gateOver<TraceGroupsOptions>(terminal, help, gateTraceGroups).option(
    "--minutes <count>",
    "how far to look back for traces, from a quarter of an hour ago",
    minutesOption,
    60,
  );
}
