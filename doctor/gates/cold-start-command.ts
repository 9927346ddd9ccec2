import { Command, InvalidArgumentError } from "commander";
import type { Exit } from "../../instruments/cli/exit";
import { json as asJson } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import { InputError } from "../../instruments/terraform-file";
import { type ColdStartFinding, judgeColdStarts } from "./cold-start";
import { exitOf, overall, STYLES } from "./finding";
import { instantOption } from "./gate-command";
import { coldStartsOf, type LogSource } from "./log-source";

interface Options {
  readonly logGroup?: string;
  readonly baselineLogGroup?: string;
  readonly recorded?: string;
  readonly baselineRecorded?: string;
  readonly hours: number;
  readonly released?: number;
  readonly region?: string;
  readonly json?: boolean;
}

const AFTER = `
Example, in a pipeline after a release and once with the baseline image:
  tracewright gate cold-start --log-group /aws/lambda/preprod-sentiment-sse --hours 2

Lines recorded before, one log line a line, are judged with --recorded.

Exit codes: 0 passed, 1 failed, 2 wrong usage or logs that cannot be read, 3 too few cold starts to tell.`;

function hours(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 24 * 14) return value;
  throw new InvalidArgumentError("expected hours, more than 0 and at most 336.");
}

function sourceOf(
  group: string | undefined,
  file: string | undefined,
  options: Options,
): LogSource | undefined {
  if (file !== undefined) return { kind: "recorded", file };
  if (group === undefined) return undefined;
  return {
    kind: "log-group",
    name: group,
    region: options.region,
    since: options.released ?? Date.now() - options.hours * 3_600_000,
  };
}

function lineOf(terminal: Terminal, { what, foundMs, limitMs, verdict, nextStep }: ColdStartFinding): string {
  const found = foundMs === undefined ? "unknown" : `${Math.round(foundMs)} ms`;
  const line = `${terminal.paint(STYLES[verdict], verdict.padEnd(9))}  ${what}: ${found}, at most ${limitMs} ms`;
  return verdict === "passed" ? line : `${line}\n           ${nextStep}`;
}

async function gateColdStart(terminal: Terminal, options: Options): Promise<Exit> {
  const source = sourceOf(options.logGroup, options.recorded, options);
  if (source === undefined) {
    throw new InputError(
      "gate cold-start",
      "no logs",
      "--log-group or --recorded",
      "--help shows an example",
    );
  }
  if (options.recorded !== undefined && options.released !== undefined) {
    throw new InputError(
      "gate cold-start",
      "--released with --recorded",
      "one of them: recorded lines do not tell when they were written",
      "record only lines from after the release",
    );
  }
  const { released: _, ...anyTime } = options;
  const baseline = sourceOf(options.baselineLogGroup, options.baselineRecorded, anyTime);
  terminal.progress("reading cold starts");
  const release = await coldStartsOf(source);
  const without = baseline === undefined ? undefined : await coldStartsOf(baseline);
  const findings = judgeColdStarts(release, without);
  if (options.json === true) {
    const judgedAt = new Date().toISOString();
    terminal.out(asJson({ gate: "cold-start", judgedAt, verdict: overall(findings), findings }));
  } else for (const finding of findings) terminal.out(lineOf(terminal, finding));
  return exitOf(findings);
}

/** The command `tracewright gate cold-start`. */
export function coldStartCommand(terminal: Terminal): Command {
  return new Command("cold-start")
    .summary("judge how long the stream takes to start")
    .description("Judge how long the streaming function takes to start, and the collector's share of it.")
    .option("--log-group <name>", "the function's log group")
    .option("--baseline-log-group <name>", "log group of the same function with the baseline image")
    .option("--recorded <file>", "log lines instead of a log group")
    .option("--baseline-recorded <file>", "log lines of the baseline image")
    .option("--hours <count>", "how far to look back", hours, 24)
    .option(
      "--released <time>",
      "when the release went live, ISO 8601 with a zone: no older cold start of it counts",
      instantOption,
    )
    .option("--region <region>", "AWS region; default: the SDK's")
    .option("--json", "print the verdict as JSON")
    .addHelpText("after", AFTER)
    .action(async (options: Options) => {
      process.exitCode = await gateColdStart(terminal, options);
    });
}
