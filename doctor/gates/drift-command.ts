import { type Command, Option } from "commander";
import { SERVICE_KEYS, type ServiceKey } from "../../contract/services";
import type { Terminal } from "../../instruments/cli/terminal";
import { type Clock, SYSTEM_CLOCK } from "../xray/clock";
import { DRIFT_MINUTES, DRIFT_TOLD, driftTold, isTold, judgeDrift } from "./drift";
import type { Finding } from "./finding";
import { type GateOptions, gateOver, instantOption } from "./gate-command";
import type { GateSource } from "./gate-source";

/** Options of the gate. */
export interface DriftOptions extends GateOptions {
  readonly service: ServiceKey;
  readonly changed: number;
  readonly wait: boolean;
}

const POLL_MS = 60_000;
/** How long CloudWatch may take to show what it was sent, milliseconds. */
const SHOWN_MS = 2 * 60_000;

/**
 * Asks CloudWatch every minute until the canary has told of a missing permission, or its time is over (IAM-4).
 *
 * @throws InputError when AWS refuses
 */
export async function gateDrift(
  source: GateSource,
  { environment, service, changed, wait }: DriftOptions,
  progress: (text: string) => void,
  clock: Clock = SYSTEM_CLOCK,
): Promise<readonly Finding[]> {
  const taken = { environment, service, changed };
  const until = changed + DRIFT_MINUTES * 60_000 + SHOWN_MS;
  const told = await source.read("DriftTold", DRIFT_TOLD, async () => {
    for (;;) {
      const found = await driftTold(taken, source.region, clock.now(), progress);
      if (!wait || isTold(found, changed) || clock.now() >= until) return found;
      progress("not told of yet: waiting for the canary");
      await clock.wait(POLL_MS);
    }
  });
  return judgeDrift(taken, told);
}

/** The command `tracewright gate drift`. */
export function driftCommand(terminal: Terminal): Command {
  const help = {
    name: "drift",
    summary: "judge whether a permission taken from a role is noticed",
    description: `Judge whether the canary tells within ${DRIFT_MINUTES} minutes of a permission you took from a function's role.`,
    example: "tracewright gate drift --environment preprod --service analysis --changed 2026-11-21T10:00:00Z",
    needs: "cloudwatch:GetMetricData",
  };
  return gateOver<DriftOptions>(terminal, help, gateDrift)
    .addOption(
      new Option("--service <name>", "the function whose role was changed")
        .choices(SERVICE_KEYS)
        .makeOptionMandatory(),
    )
    .requiredOption("--changed <time>", "when the permission was taken, ISO 8601 with a zone", instantOption)
    .option("--no-wait", "judge at once");
}
