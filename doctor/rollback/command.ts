import { Command, InvalidArgumentError } from "commander";
import type { Environment } from "../../contract/names";
import { ROLLBACK_PERIOD_SECONDS } from "../../contract/rollback";
import type { Exit } from "../../instruments/cli/exit";
import { json as asJson } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import { environmentOption } from "../environment-option";
import { exitOf, lineOf } from "../gates/finding";
import { instantOption } from "../gates/gate-command";
import { writeFile } from "../write-file";
import { judgeAfterwards, judgeTriggers, type MeasureFinding } from "./evaluate";
import { liveObserved, stretchBefore } from "./live";
import { type Observed, observedSince } from "./observed";
import { recordedObserved, recordingOf } from "./recorded";
import { wayBack } from "./way-back";

interface Options {
  readonly environment: Environment;
  readonly minutes: number;
  readonly since?: number;
  readonly region?: string;
  readonly baseline?: string;
  readonly recorded?: string;
  readonly record?: string;
  readonly json?: boolean;
}

/** Fourteen days: what is older says nothing of a change one still thinks about. */
const LONGEST_MS = 14 * 86_400_000;

const NEEDS = `
Needs cloudwatch:GetMetricData, and logs:FilterLogEvents on the function's log group. --record keeps what was read, and
--recorded judges it again without AWS.`;

const EVALUATE_AFTER = `${NEEDS}

Example, in a pipeline after an apply:
  tracewright rollback evaluate --environment prod --since 2026-11-21T10:00:00Z

Without --since what the release before did is among the measurements.

Exit codes: 0 stay, 1 go back, 2 wrong usage or AWS refuses, 3 too little was measured to tell.`;

const VERIFY_AFTER = `${NEEDS}

Example, twenty-five minutes after going back, when three whole periods have been measured:
  tracewright rollback verify --environment prod --since 2026-11-21T10:00:00Z

Exit codes: 0 well again, 1 not, 2 wrong usage or AWS refuses, 3 too little was measured to tell.`;

function minutes(text: string): number {
  const value = Number(text);
  const least = ROLLBACK_PERIOD_SECONDS / 60;
  if (value >= least && value <= 24 * 60) return value;
  throw new InvalidArgumentError(`expected minutes, from ${least} to 1440.`);
}

function since(text: string): number {
  const time = instantOption(text);
  if (time <= Date.now() && time > Date.now() - LONGEST_MS) return time;
  throw new InvalidArgumentError("expected a time of the last fourteen days.");
}

function baseline(text: string): string {
  if (/^[^@ ]+@sha256:[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError("expected REPOSITORY@sha256: and 64 hexadecimal digits.");
}

async function observedBy(terminal: Terminal, options: Options): Promise<Observed> {
  if (options.recorded !== undefined) return recordedObserved(options.recorded, options.environment);
  terminal.progress("asking CloudWatch");
  const now = Date.now();
  const minutes = options.since === undefined ? options.minutes : (now - options.since) / 60_000;
  const observed = await liveObserved(
    options.environment,
    options.region,
    stretchBefore(now, minutes),
    terminal.progress,
  );
  if (options.record !== undefined)
    writeFile(options.record, recordingOf(observed, options.environment), "--record");
  return observed;
}

type Judge = (observed: Observed) => readonly MeasureFinding[];

async function run(terminal: Terminal, name: string, judge: Judge, options: Options): Promise<Exit> {
  const observed = await observedBy(terminal, options);
  const findings = judge(options.since === undefined ? observed : observedSince(observed, options.since));
  const exit = exitOf(findings);
  const { environment } = options;
  const goBack = name === "evaluate" && findings.some(({ verdict }) => verdict === "failed");
  const commands = goBack ? wayBack(environment, options.baseline, options.region) : [];
  if (options.json === true) {
    terminal.out(asJson({ rollback: name, environment, goBack, findings, commands }));
  } else {
    for (const finding of findings) terminal.out(lineOf(terminal, finding));
    for (const line of commands) terminal.out(line);
  }
  return exit;
}

function part(terminal: Terminal, name: string, description: string, judge: Judge, after: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption("--environment <name>", "dev, preprod or prod", environmentOption)
    .option("--region <region>", "AWS region; default: the SDK's")
    .option("--recorded <file>", "judge what --record kept instead of asking AWS")
    .option("--record <file>", "keep what was read")
    .option("--json", "print the verdict as JSON")
    .addHelpText("after", after)
    .action(async (options: Options) => {
      process.exitCode = await run(terminal, name, judge, options);
    });
}

/** The command `tracewright rollback`. */
export function rollbackCommand(terminal: Terminal): Command {
  const evaluate = part(
    terminal,
    "evaluate",
    "Say whether measurements ask to go back to the image without collector, and how.",
    judgeTriggers,
    EVALUATE_AFTER,
  )
    .option("--minutes <count>", "how far to look back without --since", minutes, 60)
    .option(
      "--since <time>",
      "when the release went live, ISO 8601 with a zone: older measurements do not count",
      since,
    )
    .option("--baseline <uri>", "the baseline image by digest, for the command that is printed", baseline);
  const verify = part(
    terminal,
    "verify",
    "Say whether the streaming function is well again after going back.",
    judgeAfterwards,
    VERIFY_AFTER,
  ).requiredOption(
    "--since <time>",
    "when it went back, ISO 8601 with a zone: older measurements do not count",
    since,
  );
  return new Command("rollback")
    .summary("decide whether a release goes back, and whether that helped")
    .description(
      "Decide, from what was measured, whether the streaming function goes back to its baseline image.",
    )
    .addCommand(evaluate)
    .addCommand(verify);
}
