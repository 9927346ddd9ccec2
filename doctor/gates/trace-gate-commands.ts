import type { Command } from "commander";
import type { Environment } from "../../contract/names";
import type { Terminal } from "../../instruments/cli/terminal";
import type { Trace } from "../xray/trace";
import { judgeAnnotations } from "./annotations";
import type { Finding } from "./finding";
import {
  type GateHelp,
  type GateOptions,
  gateOver,
  type LookBack,
  lookedBack,
  lookingBack,
} from "./gate-command";
import { sampledTraces } from "./sampled-traces";
import { judgeStructure } from "./structure";

type Options = GateOptions & LookBack;

const NEEDS = "xray:GetTraceSummaries and xray:BatchGetTraces";

function overTraces(
  terminal: Terminal,
  help: Omit<GateHelp, "needs" | "reads">,
  judge: (environment: Environment, traces: readonly Trace[]) => readonly Finding[],
): Command {
  const whole = { ...help, needs: NEEDS, reads: "traces" };
  return lookingBack(
    gateOver<Options>(terminal, whole, async (source, options, progress) => {
      const { environment } = options;
      return judge(environment, await sampledTraces(source, environment, lookedBack(options), progress));
    }),
  );
}

/** The command `tracewright gate structure`. */
export function structureCommand(terminal: Terminal): Command {
  return overTraces(
    terminal,
    {
      name: "structure",
      summary: "judge whether every function's traces are whole",
      description: "Judge whether every function has a trace with all the calls a whole run records.",
      example: "tracewright gate structure --environment preprod --minutes 30",
    },
    judgeStructure,
  );
}

/** The command `tracewright gate annotations`. */
export function annotationsCommand(terminal: Terminal): Command {
  return overTraces(
    terminal,
    {
      name: "annotations",
      summary: "judge whether traces can be searched by what the contract requires",
      description: "Judge whether each function's traces have the annotations the contract requires.",
      example: "tracewright gate annotations --environment preprod --minutes 30",
    },
    judgeAnnotations,
  );
}
