import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT, type Exit } from "../cli/exit";
import type { Terminal } from "../cli/terminal";
import { readKnowledge } from "../knowledge-file";
import { InputError, readTerraform } from "../terraform-file";
import { page } from "./html/page";
import { forMachines } from "./machines";
import { forPeople } from "./people";
import { type Rehearsal, rehearse } from "./rehearsal";
import { TIER_ORDER, type TierName } from "./scenario";
import { readScenarios, SHIPPED } from "./scenario-file";
import { summaryLine, sumsOf } from "./text";

interface Options {
  readonly configuration?: string;
  readonly scenarios?: string;
  readonly knowledge?: string;
  readonly tier: TierName;
  readonly lag: number;
  readonly json?: boolean;
  readonly html?: string;
  readonly verbose?: boolean;
}

/** How long a rehearsal is quiet before it says what it does, and between two such lines, ms. */
const QUIET_MS = 2000;

const AFTER = `
Example:
  terraform plan -out=p && terraform show -json p > plan.json
  tracewright rehearse plan.json --html rehearsal.html

Each alarm is taken from OK to ALARM and back by the smallest series its emitters can produce. Then faults and quiet
days are played: a fault nobody notices and a page on a quiet day are findings. A scenario file adds your own:
  {"scenarios": [{"id": "queue-fills", "title": "Orders pile up", "kind": "fault", "lastsSeconds": 3600,
    "effects": [{"do": "set", "select": {"metric": "OrdersWaiting"}, "value": 500}]}]}
Effects: silent, set, set-to-limit, multiply, add, shift, traffic, errors. Selectors: namespace, metric, dimensions,
function, startedBy, streams, source, role; texts may hold * and ?.

Without --knowledge a rehearsal assumes that somebody emits what alarms watch, and says so.

Exit codes: 0 all fine, 1 an alarm cannot fire or is heard by nobody, a fault is not noticed or a quiet day pages,
2 wrong usage or unusable file, 3 nothing is wrong but something could not be evaluated or was assumed.`;

function lag(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 86_400)
    throw new InvalidArgumentError("expected whole seconds from 0 to 86400.");
  return value;
}

/** What a rehearsal means as an exit code. */
export function exitOf(rehearsal: Rehearsal): Exit {
  const sums = sumsOf(rehearsal);
  if (sums.cannot + sums.unheard + sums.undetected + sums.paged > 0) return EXIT.findings;
  return sums.unknown + sums.undecided + sums.assumed > 0 ? EXIT.undecided : EXIT.fine;
}

/** Says what is going on, but only once it takes long. */
function patiently(terminal: Terminal): (text: string) => void {
  let last = performance.now();
  return (text) => {
    if (performance.now() - last < QUIET_MS) return;
    last = performance.now();
    terminal.progress(text);
  };
}

function run(terminal: Terminal, file: string, options: Options): Exit {
  const terraform = readTerraform(file, options.configuration);
  const rehearsal = rehearse({
    file,
    terraform,
    scenarioFile: options.scenarios ?? SHIPPED,
    scenarios: readScenarios(options.scenarios),
    ...(options.knowledge === undefined ? {} : { knowledge: readKnowledge(options.knowledge, terraform) }),
    tier: options.tier,
    lagSeconds: options.lag,
    progress: patiently(terminal),
  });
  if (rehearsal.alarms.length === 0) {
    const next = "give the plan of the stack with the alarms";
    throw new InputError(file, "no CloudWatch alarm", "at least one alarm", next);
  }
  if (options.html !== undefined) {
    writeFileSync(options.html, page(rehearsal));
    terminal.progress(`page written to ${options.html}`);
  }
  if (options.json === true) {
    terminal.out(JSON.stringify(forMachines(rehearsal), undefined, 2));
    terminal.progress(summaryLine(rehearsal));
  } else {
    terminal.out(forPeople(terminal, rehearsal, options.verbose === true));
  }
  return exitOf(rehearsal);
}

/** The command `tracewright rehearse`. */
export function rehearseCommand(terminal: Terminal): Command {
  return new Command("rehearse")
    .description(
      "Prove that every alarm can fire, and show which fault raises which alarm after how many seconds.",
    )
    .argument("<file>", "terraform show -json of a plan or state, or cdk.tf.json")
    .option(
      "--configuration <file>",
      "the cdk.tf.json a plan was made from; decides what the plan leaves to apply",
    )
    .option("--scenarios <file>", "faults and quiet days to play instead of the shipped ones")
    .option("--knowledge <file>", "what your functions emit; decides what a plan leaves open")
    .addOption(
      new Option("--tier <tier>", "which promises hold: faults promised from a larger tier may go unnoticed")
        .choices(TIER_ORDER)
        .default("full"),
    )
    .option("--lag <seconds>", "how long CloudWatch needs until data can be read", lag, 60)
    .option("--verbose", "list the scenarios that are not applicable too")
    .option("--json", "print the whole report as JSON")
    .option("--html <file>", "also write the report as one self-contained page")
    .addHelpText("after", AFTER)
    .action((file: string, options: Options) => {
      process.exitCode = run(terminal, file, options);
    });
}
