import { type Command, InvalidArgumentError } from "commander";
import * as v from "valibot";
import type { Terminal } from "../../instruments/cli/terminal";
import { InputError } from "../../instruments/terraform-file";
import { type Clock, SYSTEM_CLOCK } from "../xray/clock";
import type { Trace } from "../xray/trace";
import type { Finding } from "./finding";
import { type GateOptions, gateOver } from "./gate-command";
import type { GateSource } from "./gate-source";
import { judgeRetention, LEAST_RETAINED, STREAM_SECONDS, STREAMS, shareRetained } from "./retention";
import { visitStream } from "./stream-visit";

/** Options of the gate. */
export interface RetentionOptions extends GateOptions {
  readonly stream?: URL;
}

/** Seconds after the streams at which their traces are looked up (VER-1). */
const LOOK_UPS_SECONDS = [30, 60] as const;

const VISITS = v.array(
  v.object({ TraceId: v.string(), Events: v.number(), Seconds: v.number(), End: v.string() }),
);

function address(text: string): URL {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text);
  throw new InvalidArgumentError("expected an address that begins with https://.");
}

/**
 * Follows streams to their end and looks their traces up (VER-1).
 *
 * @throws InputError when AWS refuses, or there is neither a stream nor a recording
 */
export async function gateRetention(
  source: GateSource,
  { stream }: RetentionOptions,
  progress: (text: string) => void,
  clock: Clock = SYSTEM_CLOCK,
): Promise<readonly Finding[]> {
  const visits = await source.read("Streams", VISITS, async () => {
    if (stream === undefined)
      throw new InputError(
        "gate retention",
        "no stream",
        "--stream or --recorded",
        "terraform output -raw stream_url tells it",
      );
    progress(`following ${STREAMS} streams to their end`);
    return Promise.all(Array.from({ length: STREAMS }, () => visitStream(stream, STREAM_SECONDS)));
  });
  let traces: readonly Trace[] = [];
  let waited = 0;
  for (const seconds of LOOK_UPS_SECONDS) {
    if (!source.replays) {
      progress(`looking their traces up ${seconds} s after the last has ended`);
      await clock.wait((seconds - waited) * 1000);
      waited = seconds;
    }
    traces = (await source.traces(visits.map(({ TraceId }) => TraceId))).traces;
    if (source.replays || shareRetained(visits, traces) >= LEAST_RETAINED) break;
  }
  return judgeRetention(visits, traces);
}

/** The command `tracewright gate retention`. */
export function retentionCommand(terminal: Terminal): Command {
  const help = {
    name: "retention",
    summary: "judge whether the spans of streams arrive",
    description: `Follow ${STREAMS} streams to their end and judge how many of their spans X-Ray has a minute later.`,
    example:
      "tracewright gate retention --environment preprod --stream https://….lambda-url.eu-west-1.on.aws/",
    needs:
      "xray:BatchGetTraces; and, for the run, an event a second in each stream: articles of several tickers that come in.\nEach stream is asked to end after 15 s",
  };
  return gateOver<RetentionOptions>(terminal, help, gateRetention).option(
    "--stream <url>",
    "address of the stream",
    address,
  );
}
