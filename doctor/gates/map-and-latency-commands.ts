import { type Command, InvalidArgumentError } from "commander";
import { functionName } from "../../contract/services";
import { TIMED_SERVICES, type TimedService } from "../../contract/trace-structure";
import type { Terminal } from "../../instruments/cli/terminal";
import type { Finding } from "./finding";
import {
  type GateOptions,
  gateOver,
  instantOption,
  type LookBack,
  lookedBack,
  lookingBack,
  minutesOption,
} from "./gate-command";
import type { GateSource } from "./gate-source";
import { judgeLatency, runsOf } from "./latency";
import { judgeMap, MAP_NODES, mapNodes } from "./service-map";

/** The command `tracewright gate service-map`. */
export function serviceMapCommand(terminal: Terminal): Command {
  const help = {
    name: "service-map",
    summary: "judge whether every function is on the service map, by name",
    description: "Judge whether X-Ray's service map shows every function and no nameless node.",
    example: "tracewright gate service-map --environment preprod --minutes 30",
    needs: "xray:GetServiceGraph",
  };
  return lookingBack(
    gateOver<GateOptions & LookBack>(terminal, help, async (source, options) => {
      const nodes = await source.read("Services", MAP_NODES, () =>
        mapNodes(source.region, lookedBack(options)),
      );
      return judgeMap(options.environment, nodes);
    }),
  );
}

/** Options of the gate. */
export interface LatencyOptions extends GateOptions {
  readonly service: TimedService;
  readonly released: number;
  readonly baselineMinutes: number;
}

/** Traces read of each side at most: three times what is needed, and whole they come five at a time. */
const MOST_TRACES = 300;

function timed(text: string): TimedService {
  if (text === "sse")
    throw new InvalidArgumentError("a stream takes as long as its reader stays; use gate cold-start for it.");
  const found = TIMED_SERVICES.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`expected one of ${TIMED_SERVICES.join(", ")}.`);
}

/**
 * Reads a function's traces of both sides of a release (DEP-2).
 *
 * @throws InputError when AWS or a recording refuses
 */
export async function gateLatency(
  source: GateSource,
  { environment, service, released, baselineMinutes }: LatencyOptions,
  progress: (text: string) => void,
): Promise<readonly Finding[]> {
  const name = functionName(environment, service);
  const filter = `service("${name}")`;
  const fromMs = released - baselineMinutes * 60_000;
  progress("reading traces from before and after the release");
  const old = await source.summaries({ fromMs, toMs: released }, filter, MOST_TRACES);
  // A recording gives both sides at once.
  const now = source.replays
    ? []
    : await source.summaries({ fromMs: released, toMs: Date.now() }, filter, MOST_TRACES);
  const { traces } = await source.traces([...old, ...now].map(({ id }) => id));
  const runs = runsOf(name, traces).filter(({ startMs }) => startMs >= fromMs);
  return judgeLatency(service, runs, released);
}

/** The command `tracewright gate latency`. */
export function latencyCommand(terminal: Terminal): Command {
  const help = {
    name: "latency",
    summary: "compare running times before and after a release",
    description:
      "Compare the 99th percentile of a function's own segment after a release with that before it.",
    example:
      "tracewright gate latency --environment prod --service dashboard --released 2026-11-21T10:00:00Z",
    needs: "xray:GetTraceSummaries and xray:BatchGetTraces",
  };
  return gateOver<LatencyOptions>(terminal, help, gateLatency)
    .requiredOption("--service <name>", "the function, by its key in the contract", timed)
    .requiredOption("--released <time>", "when the release went live, ISO 8601 with a zone", instantOption)
    .option("--baseline-minutes <count>", "how far before that to look back", minutesOption, 24 * 60);
}
