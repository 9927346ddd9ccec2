import { Command, InvalidArgumentError } from "commander";
import type { TerraformModel } from "../../policies/terraform/model";
import { EXIT, type Exit } from "../cli/exit";
import type { Terminal } from "../cli/terminal";
import { readKnowledge } from "../knowledge-file";
import { readTerraform } from "../terraform-file";
import { billOf } from "./bill";
import { chargesOf } from "./charges";
import { forPeople } from "./people";
import { readTraffic, SCHEDULES_ONLY } from "./traffic";

interface Options {
  readonly configuration?: string;
  readonly knowledge?: string;
  readonly traffic?: string;
  readonly region?: string;
  readonly budget?: number;
  readonly json?: boolean;
}

const AFTER = `
Example:
  terraform plan -out=p && terraform show -json p > plan.json
  tracewright cost plan.json --traffic traffic.json --budget 5

traffic.json says how busy the application is; without it only schedules count:
  {"functions": {"shop-orders": {"requestsPerMonth": 3000000, "logBytesPerRequest": 900}},
   "rumEventsPerMonth": 200000, "otherCustomMetrics": 40, "daysPerMonth": 30}

Free allowances are the account's; they are taken off as if this file had them alone. Prices carry date and source in
--json; one that was not read off its page is marked.

Exit codes: 0 fine, 1 above the budget, 2 wrong usage or unusable file, 3 something could not be priced.`;

function dollars(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError("expected USD of 0 or more.");
  return value;
}

/** The region most resources are in; us-east-1 when the file names none. */
function usualRegion(terraform: TerraformModel): string {
  const counts = new Map<string, number>();
  for (const { region } of terraform.resources)
    if (region !== undefined) counts.set(region, (counts.get(region) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0]?.[0] ?? "us-east-1";
}

function cost(terminal: Terminal, file: string, options: Options): Exit {
  const terraform = readTerraform(file, options.configuration);
  const traffic = options.traffic === undefined ? SCHEDULES_ONLY : readTraffic(options.traffic);
  const knowledge = options.knowledge === undefined ? undefined : readKnowledge(options.knowledge, terraform);
  const charges = chargesOf(terraform, traffic, knowledge);
  const bill = billOf(charges.charges, options.region ?? usualRegion(terraform));
  if (options.json === true) {
    terminal.out(
      JSON.stringify(
        {
          file,
          ...bill,
          charges: charges.charges,
          unpriced: charges.unpriced,
          notCounted: charges.notCounted,
        },
        undefined,
        2,
      ),
    );
  } else {
    terminal.out(forPeople(terminal, file, charges, bill, options.budget));
  }
  if (options.budget !== undefined && bill.netUsd > options.budget) return EXIT.findings;
  return charges.unpriced.length > 0 ? EXIT.undecided : EXIT.fine;
}

/** The command `tracewright cost`. */
export function costCommand(terminal: Terminal): Command {
  return new Command("cost")
    .summary("say what alarms, metrics, logs and traces cost a month")
    .description(
      "USD a month for what observes: alarms, custom metrics, boards, logs, traces, keys and secrets.",
    )
    .argument("<file>", "terraform show -json of a plan or state, or cdk.tf.json")
    .option("--configuration <file>", "the cdk.tf.json a plan was made from")
    .option("--knowledge <file>", "what your functions emit; counts custom metrics no alarm reads")
    .option("--traffic <file>", "how busy the functions are")
    .option("--region <region>", "price everything as in this region")
    .option("--budget <usd>", "exit 1 above so many USD a month", dollars)
    .option("--json", "print the whole bill as JSON")
    .addHelpText("after", AFTER)
    .action((file: string, options: Options) => {
      process.exitCode = cost(terminal, file, options);
    });
}
