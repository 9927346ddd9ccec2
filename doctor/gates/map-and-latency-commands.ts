import { type Command, InvalidArgumentError } from "commander";
import { functionName } from "../../contract/services";
import { JUDGED_SERVICES, type JudgedService } from "../../contract/trace-structure";
import { timestampOf } from "../../instruments/calibrate/baseline";
import type { Terminal } from "../../instruments/cli/terminal";
import { type GateOptions, gateOver, lastMinutes, minutesOption } from "./gate-command";
import { judgeLatency } from "./latency";
import { judgeMap, MAP_NODES, mapNodes } from "./service-map";

interface MapOptions extends GateOptions {
  readonly minutes: number;
}

/** The command `tracewright gate service-map`. */
export function serviceMapCommand(terminal: Terminal): Command {
  const help = {
    name: "service-map",
    summary: "judge whether every function is on the service map, by name",
    description: "Judge whether X-Ray's service map shows every function and no nameless node.",
    example: "tracewright gate service-map --environment preprod --minutes 30",
    needs: "xray:GetServiceGraph",
  };
  return gateOver<MapOptions>(terminal, help, async (source, { environment, minutes }) => {
    const nodes = await source.read("Services", MAP_NODES, () =>
      mapNodes(source.region, lastMinutes(minutes)),
    );
    return judgeMap(environment, nodes);
  }).option("--minutes <count>", "how far to look back", minutesOption, 60);
}

interface LatencyOptions extends GateOptions {
  readonly service: JudgedService;
  readonly released: number;
  readonly baselineMinutes: number;
}

/** Traces read of each side at most: ten times what is needed. */
const MOST_TRACES = 1000;

function timed(text: string): JudgedService {
  if (text === "sse")
    throw new InvalidArgumentError("a stream takes as long as its reader stays; use gate cold-start for it.");
  const found = JUDGED_SERVICES.find((one) => one === text);
  if (found !== undefined) return found;
  const others = JUDGED_SERVICES.filter((one) => one !== "sse");
  throw new InvalidArgumentError(`expected one of ${others.join(", ")}.`);
}

function instant(text: string): number {
  const time = timestampOf(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError("expected an ISO 8601 time with a zone, for example 2026-11-21T10:00:00Z.");
}

/** The command `tracewright gate latency`. */
export function latencyCommand(terminal: Terminal): Command {
  const help = {
    name: "latency",
    summary: "compare response times before and after a release",
    description: "Compare a function's 99th percentile after a release with that before it.",
    example:
      "tracewright gate latency --environment prod --service dashboard --released 2026-11-21T10:00:00Z",
    needs: "xray:GetTraceSummaries",
  };
  return gateOver<LatencyOptions>(terminal, help, async (source, options, progress) => {
    const { environment, service, released, baselineMinutes } = options;
    const filter = `service("${functionName(environment, service)}")`;
    const before = { fromMs: released - baselineMinutes * 60_000, toMs: released };
    progress("reading traces from before and after the release");
    const old = await source.summaries(before, filter, MOST_TRACES);
    // A recording gives both sides at once.
    const now = source.replays
      ? []
      : await source.summaries({ fromMs: released, toMs: Date.now() }, filter, MOST_TRACES);
    return judgeLatency(service, [...old, ...now], released);
  })
    .requiredOption("--service <name>", "the function, by its key in the contract", timed)
    .requiredOption("--released <time>", "when the release went live, ISO 8601 with a zone", instant)
    .option("--baseline-minutes <count>", "how far before that to look back", minutesOption, 24 * 60);
}
