import { Command, InvalidArgumentError } from "commander";
import type { Environment } from "../../contract/names";
import { timestampOf } from "../../instruments/calibrate/baseline";
import type { Terminal } from "../../instruments/cli/terminal";
import { environmentOption } from "../environment-option";
import type { Window } from "../xray/window";
import { type Finding, report } from "./finding";
import { GateSource } from "./gate-source";
import type { Asked } from "./recording";

/** Options every gate over an environment has. */
export interface GateOptions {
  readonly environment: Environment;
  /** The function, for a gate about one. */
  readonly service?: string;
  /** When the release went live, epoch milliseconds. */
  readonly released?: number;
  /** When somebody changed what the gate watches, epoch milliseconds. */
  readonly changed?: number;
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
  /** What its recordings hold, when another gate reads the same. @default the gate's name */
  readonly reads?: string;
}

const EXITS = "0 passed, 1 failed, 2 wrong usage or AWS refuses, 3 too little was seen to tell";

/** Reads a number of minutes. @throws InvalidArgumentError when it is none, or more than X-Ray keeps */
export function minutesOption(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 30 * 24 * 60) return value;
  throw new InvalidArgumentError("expected minutes, more than 0 and at most 43200.");
}

/** Reads a time. @throws InvalidArgumentError when it is none, or has no zone */
export function instantOption(text: string): number {
  const time = timestampOf(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError("expected an ISO 8601 time with a zone, for example 2026-11-21T10:00:00Z.");
}

/** How far a gate looks back: to the release, or so many minutes when no release is named. */
export interface LookBack {
  readonly minutes: number;
  readonly released?: number;
}

/** The time a gate judges: until now. */
export function lookedBack({ minutes, released }: LookBack): Window {
  const toMs = Date.now();
  return { fromMs: released ?? toMs - minutes * 60_000, toMs };
}

/** Gives a gate the options of {@link LookBack}. */
export function lookingBack(command: Command): Command {
  return command
    .option("--minutes <count>", "how far to look back", minutesOption, 60)
    .option(
      "--released <time>",
      "when the release went live, ISO 8601 with a zone: judge nothing older",
      instantOption,
    );
}

function timestamp(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function asked(help: GateHelp, { environment, service, released, changed }: GateOptions): Asked {
  const reads = help.reads ?? help.name;
  return { reads, environment, service, released: timestamp(released), changed: timestamp(changed) };
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
      const source = new GateSource(asked(help, options), options);
      try {
        const findings = await gate(source, options, terminal.progress);
        source.keep();
        process.exitCode = report(
          terminal,
          {
            gate: help.name,
            environment: options.environment,
            service: options.service,
            judgedAt: source.at,
          },
          findings,
          options.json,
        );
      } finally {
        source.close();
      }
    });
}
