import { type Command, Option } from "commander";
import { SERVICE_KEYS, type ServiceKey } from "../../contract/services";
import type { Terminal } from "../../instruments/cli/terminal";
import { InputError } from "../../instruments/terraform-file";
import { type Clock, SYSTEM_CLOCK } from "../xray/clock";
import { DRIFT_MINUTES, DRIFT_TOLD, driftTold, judgeDrift, standingOf } from "./drift";
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
/** How long CloudWatch keeps minutes apart, milliseconds: 15 days, less what is looked at around the change. */
const KEPT_MS = (15 * 24 - 1) * 3_600_000;

/** @throws InputError unless CloudWatch can tell of that time by the minute */
function checkChanged(changed: number, now: number): void {
  if (changed <= now && changed >= now - KEPT_MS) return;
  throw new InputError(
    "--changed",
    new Date(changed).toISOString(),
    "a time of the last 15 days, of which CloudWatch tells by the minute",
    "correct it, or take a permission again",
  );
}

/**
 * Asks CloudWatch every minute as long as the canary may still tell of a missing permission (IAM-4).
 *
 * @throws InputError when AWS refuses, or CloudWatch cannot tell of that time
 */
export async function gateDrift(
  source: GateSource,
  { environment, service, changed, wait }: DriftOptions,
  progress: (text: string) => void,
  clock: Clock = SYSTEM_CLOCK,
): Promise<readonly Finding[]> {
  const taken = { environment, service, changed };
  const told = await source.read("DriftTold", DRIFT_TOLD, async () => {
    checkChanged(changed, clock.now());
    for (;;) {
      const found = await driftTold(taken, source.region, clock.now(), progress);
      if (!wait || standingOf(taken, found).kind !== "waiting") return found;
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
