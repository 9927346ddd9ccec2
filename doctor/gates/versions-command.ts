import type { Command } from "commander";
import type { Terminal } from "../../instruments/cli/terminal";
import { type Clock, SYSTEM_CLOCK } from "../xray/clock";
import type { Finding } from "./finding";
import { type GateOptions, gateOver } from "./gate-command";
import type { GateSource } from "./gate-source";
import { areOne, judgeVersions, SKEW_MINUTES, VERSIONS, versionsOf } from "./versions";

/** Options of the gate. */
export interface VersionsOptions extends GateOptions {
  readonly expected?: string;
  readonly wait: boolean;
}

const POLL_MS = 60_000;

/**
 * Asks every function for its version until all agree, for as long as a deployment may take.
 *
 * @throws InputError when AWS refuses
 */
export async function gateVersions(
  source: GateSource,
  { environment, expected, wait }: VersionsOptions,
  progress: (text: string) => void,
  clock: Clock = SYSTEM_CLOCK,
): Promise<readonly Finding[]> {
  const versions = await source.read("Versions", VERSIONS, async () => {
    const until = clock.now() + (wait ? SKEW_MINUTES * 60_000 : 0);
    for (;;) {
      const found = await versionsOf(environment, source.region);
      // Waiting does not make variables readable.
      const unreadable = found.some(({ Unreadable }) => Unreadable !== undefined);
      if (areOne(found, expected) || unreadable || clock.now() >= until) return found;
      progress("versions differ: waiting for the deployment to end");
      await clock.wait(POLL_MS);
    }
  });
  return judgeVersions(environment, versions, expected);
}

/** The command `tracewright gate versions`. */
export function versionsCommand(terminal: Terminal): Command {
  const help = {
    name: "versions",
    summary: "judge whether all functions run one deployment",
    description: `Judge whether tag and variable of all functions name one version; mixed ones are given ${SKEW_MINUTES} minutes.`,
    example: "tracewright gate versions --environment prod --expected 3f2a91c",
    needs: "lambda:GetFunctionConfiguration and lambda:ListTags",
  };
  return gateOver<VersionsOptions>(terminal, help, gateVersions)
    .option("--expected <version>", "the version that was deployed")
    .option("--no-wait", "judge at once");
}
