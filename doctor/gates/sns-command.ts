import { type Command, InvalidArgumentError } from "commander";
import * as v from "valibot";
import { functionName } from "../../contract/services";
import type { Terminal } from "../../instruments/cli/terminal";
import { type Clock, SYSTEM_CLOCK } from "../xray/clock";
import type { Trace } from "../xray/trace";
import type { Finding } from "./finding";
import { type GateOptions, gateOver } from "./gate-command";
import type { GateSource } from "./gate-source";
import { isWhole, judgePropagation } from "./sns";
import { SUBSCRIPTIONS, subscriptionsOf } from "./subscriptions";
import { beginTrace } from "./trace-id";
import { invokeTraced, variableOf } from "./trigger";

/** Options of the gate. */
export interface SnsOptions extends GateOptions {
  readonly trace?: string;
}

/** Seconds after the trigger at which the trace is looked up (SNS-2). */
export const LOOK_UPS_SECONDS = [30, 60] as const;

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;

function traceId(text: string): string {
  if (TRACE_ID.test(text)) return text;
  throw new InvalidArgumentError("expected a trace id such as 1-5f84c7a1-5f84c7a1e8e4c2d3b4a59687.");
}

/**
 * Triggers ingestion unless a trace is given, looks its trace up, and asks how the topic delivers (SNS-2).
 *
 * @throws InputError when AWS refuses
 */
export async function gateSns(
  source: GateSource,
  { environment, trace: given }: SnsOptions,
  progress: (text: string) => void,
  clock: Clock = SYSTEM_CLOCK,
): Promise<readonly Finding[]> {
  const { region } = source;
  const publisher = functionName(environment, "ingestion");
  const id = await source.read("TraceId", v.pipe(v.string(), v.regex(TRACE_ID, "a trace id")), async () => {
    if (given !== undefined) return given;
    progress(`invoking ${publisher}`);
    const begun = beginTrace(clock.now());
    await invokeTraced(publisher, begun.header, region);
    return begun.id;
  });
  const subscriptions = await source.read("Subscriptions", SUBSCRIPTIONS, async () =>
    subscriptionsOf(await variableOf(publisher, "SNS_TOPIC_ARN", region), region),
  );
  let trace: Trace | undefined;
  let waited = 0;
  for (const seconds of LOOK_UPS_SECONDS) {
    if (!source.replays && given === undefined) {
      progress(`looking the trace up ${seconds} s after the run`);
      await clock.wait((seconds - waited) * 1000);
      waited = seconds;
    }
    trace = (await source.traces([id])).traces[0];
    if (source.replays || given !== undefined || isWhole(environment, trace)) break;
  }
  return judgePropagation(environment, id, trace, subscriptions);
}

/** The command `tracewright gate sns`. */
export function snsCommand(terminal: Terminal): Command {
  const help = {
    name: "sns",
    summary: "judge whether a message takes its trace along",
    description:
      "Start ingestion, or take a trace of it, and judge whether analysis continues the same trace.",
    example: "tracewright gate sns --environment preprod",
    needs:
      "lambda:InvokeFunction and GetFunctionConfiguration on ingestion, xray:BatchGetTraces, sns:ListSubscriptionsByTopic\nand sns:GetSubscriptionAttributes. With --trace nothing is invoked",
  };
  return gateOver<SnsOptions>(terminal, help, gateSns).option(
    "--trace <id>",
    "a trace of a run that published, instead of starting one",
    traceId,
  );
}
