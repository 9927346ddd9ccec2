import { Command, InvalidArgumentError } from "commander";
import type { Environment } from "../../contract/names";
import type { Terminal } from "../../instruments/cli/terminal";
import { environmentOption } from "../environment-option";
import { type Finding, report } from "./finding";
import { GateSource } from "./gate-source";

/** Options every gate over an environment has. */
export interface GateOptions {
  readonly environment: Environment;
  readonly region?: string;
  readonly recorded?: string;
  readonly record?: string;
  readonly json?: boolean;
}

/** What a gate reads and how it judges. @throws InputError when AWS or a file refuses */
export type Gate<O extends GateOptions> = (
  source: GateSource,
  options: O,
  progress: (text: string) => void,
) => Promise<readonly Finding[]>;

/** Words of a gate's help. */
export interface GateHelp {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** An example and the permissions it needs. */
  readonly example: string;
  readonly needs: string;
}

const EXITS = "0 passed, 1 failed, 2 wrong usage or AWS refuses, 3 too little was seen to tell";

/** Reads a number of minutes. @throws InvalidArgumentError when it is none, or more than X-Ray keeps */
export function minutesOption(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 30 * 24 * 60) return value;
  throw new InvalidArgumentError("expected minutes, more than 0 and at most 43200.");
}

/** The minutes before now. @param minutes how far to look back */
export function lastMinutes(minutes: number): { readonly fromMs: number; readonly toMs: number } {
  const toMs = Date.now();
  return { fromMs: toMs - minutes * 60_000, toMs };
}

/** A gate as a command; the caller may add options of its own. */
export function gateOver<O extends GateOptions>(terminal: Terminal, help: GateHelp, gate: Gate<O>): Command {
  return new Command(help.name)
    .summary(help.summary)
    .description(help.description)
    .requiredOption("--environment <name>", "dev, preprod or prod", environmentOption)
    .option("--region <region>", "AWS region; default: the SDK's")
    .option("--recorded <file>", "judge what --record kept instead of asking AWS")
    .option("--record <file>", "keep what was read")
    .option("--json", "print the verdict as JSON")
    .addHelpText("after", `\nExample:\n  ${help.example}\n\nNeeds ${help.needs}.\n\nExit codes: ${EXITS}.`)
    .action(async (options: O) => {
      const source = new GateSource(options);
      try {
        const findings = await gate(source, options, terminal.progress);
        source.keep();
        process.exitCode = report(terminal, help.name, findings, options.json);
      } finally {
        source.close();
      }
    });
}
