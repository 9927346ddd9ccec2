import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { isDay } from "../../contract/alarms/overrides";
import type { TerraformModel } from "../../policies/terraform/model";
import { EXIT, type Exit } from "../cli/exit";
import type { Terminal } from "../cli/terminal";
import { rehearsedAlarms } from "../rehearse/alarms";
import { InputError, readTerraform } from "../terraform-file";
import { type BaselineSeries, metricDataOf } from "./baseline";
import { readBaseline } from "./baseline-file";
import { type Calibration, calibrate } from "./calibration";
import { liveBaseline, liveRange } from "./live";
import { overridesText } from "./overrides-file";
import { forPeople, summaryLine } from "./people";
import { requireWatched } from "./watched";

interface Options {
  readonly baseline?: string;
  readonly live?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly configuration?: string;
  readonly json?: boolean;
  readonly write?: string;
  readonly reviewedBy?: string;
  readonly reviewedOn?: string;
}

const AFTER = `
Example:
  tracewright calibrate cdk.tf.json --live --from 2026-11-01T00:00:00Z --to 2026-11-15T00:00:00Z
  tracewright calibrate cdk.tf.json --baseline last-weeks.csv --write thresholds.json --reviewed-by Ada --reviewed-on 2026-11-21

A baseline is what metrics were while nothing was wrong: raw datapoints, or one statistic a minute and metric.
  CSV:   timestamp,namespace,metric,dimensions,value
         2026-11-01T00:00:00Z,AWS/Lambda,Duration,FunctionName=orders,812.5
  JSON:  {"series": [{"namespace": "AWS/Lambda", "metric": "Duration", "dimensions": {"FunctionName": "orders"},
           "datapoints": [["2026-11-01T00:00:00Z", 812.5]]}]}
Dimensions are Key=Value;Key=Value. An alarm needs at least 7 days with data in 95 % of its periods.
Latency: 2 x p95, at most 0.9 of the timeout. Counts and ratios: p99.9, never lower than now. Proof of life, "too
little" and billing alarms are left as they are. A proposal that loses a fault of the shipped scenarios, or pages more
often than now, is not recommended.

Exit codes: 0 proposals shown or written, 2 wrong usage or unusable input, 3 some alarms could not be calibrated.`;

function reviewOf({ write, reviewedBy, reviewedOn }: Options) {
  if (write === undefined) return undefined;
  const next = "let a person look at the proposals and name them";
  if (reviewedBy === undefined || reviewedBy.trim() === "" || reviewedBy.length > 80)
    throw new InputError(
      "--reviewed-by",
      "no usable name",
      "a name of at most 80 characters, because --write is given",
      next,
    );
  if (reviewedOn === undefined || !isDay(reviewedOn))
    throw new InputError(
      "--reviewed-on",
      reviewedOn ?? "nothing",
      "a date YYYY-MM-DD, because --write is given",
      next,
    );
  return { file: write, reviewedBy, reviewedOn };
}

function written(terminal: Terminal, calibration: Calibration, review: ReturnType<typeof reviewOf>): void {
  if (review === undefined) return;
  if (calibration.proposals.every((one) => one.against !== undefined)) {
    terminal.progress(`nothing is recommended; ${review.file} is not written`);
    return;
  }
  const text = overridesText(calibration, review);
  try {
    writeFileSync(review.file, text);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new InputError(review.file, code, "a file that can be written", "choose another place");
  }
  terminal.progress(`thresholds written to ${review.file}`);
}

/** The baseline, and what messages call it. */
async function baselineOf(
  terminal: Terminal,
  terraform: TerraformModel,
  options: Options,
): Promise<{ readonly name: string; readonly series: readonly BaselineSeries[] }> {
  if (options.baseline !== undefined && options.live !== true) {
    const series = readBaseline(options.baseline);
    requireWatched(options.baseline, terraform, series);
    return { name: options.baseline, series };
  }
  if (options.live === true && options.baseline === undefined) {
    const range = liveRange(options.from, options.to);
    return { name: "CloudWatch", series: await liveBaseline(terraform, range, terminal.progress) };
  }
  const found = options.live === true ? "both" : "neither";
  throw new InputError("--baseline, --live", found, "one of them", "tracewright calibrate --help shows both");
}

async function run(terminal: Terminal, file: string, options: Options): Promise<Exit> {
  const review = reviewOf(options);
  const terraform = readTerraform(file, options.configuration);
  const { readable, unreadable } = rehearsedAlarms(terraform);
  if (readable.length + unreadable.length === 0)
    throw new InputError(
      file,
      "no CloudWatch alarm",
      "at least one",
      "give the plan of the stack with the alarms",
    );
  const { name, series } = await baselineOf(terminal, terraform, options);
  const data = metricDataOf(name, series);
  const calibration = calibrate(file, terraform, () => data);
  written(terminal, calibration, review);
  if (options.json === true) {
    terminal.out(JSON.stringify(calibration, undefined, 2));
    terminal.progress(summaryLine(calibration));
  } else {
    terminal.out(forPeople(terminal, calibration));
  }
  return calibration.refused.length > 0 ? EXIT.undecided : EXIT.fine;
}

/** The command `tracewright calibrate`. */
export function calibrateCommand(terminal: Terminal): Command {
  return new Command("calibrate")
    .summary("propose thresholds from what metrics were while nothing was wrong")
    .description(
      "Propose thresholds from a baseline, with false pages before and after, and with the faults they would lose.",
    )
    .argument("<file>", "terraform show -json of a plan or state, or cdk.tf.json")
    .option("--baseline <file>", "datapoints of a time without incident, CSV or JSON")
    .option("--live", "ask CloudWatch instead, with the credentials of the AWS SDK")
    .option("--from <time>", "start of a time without incident, for --live")
    .option("--to <time>", "its end, at most 15 days later")
    .option("--configuration <file>", "the cdk.tf.json a plan was made from")
    .option("--json", "print everything as JSON")
    .option("--write <file>", "write recommended thresholds for the setting thresholdsFile")
    .option("--reviewed-by <name>", "who looked at the proposals; needed to write")
    .option("--reviewed-on <date>", "when, YYYY-MM-DD; needed to write")
    .addHelpText("after", AFTER)
    .action(async (file: string, options: Options) => {
      process.exitCode = await run(terminal, file, options);
    });
}
