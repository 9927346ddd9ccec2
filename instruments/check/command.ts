import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { PLAN_RULES } from "../../policies/rules/registry";
import type { RuleSeverity } from "../../policies/rules/rule";
import { EXIT, type Exit } from "../cli/exit";
import type { Terminal } from "../cli/terminal";
import { readKnowledge } from "../knowledge-file";
import { InputError, readTerraform } from "../terraform-file";
import { readAcknowledgements } from "./acknowledgements";
import { explanation, ruleList, ruleNamed } from "./explain";
import { forMachines } from "./machines";
import { forPeople, summaryLine } from "./people";
import { type CheckReport, checkReport, open, SEVERITY_ORDER } from "./report";
import { sarif } from "./sarif";

interface Options {
  readonly acknowledgements?: string;
  readonly configuration?: string;
  readonly knowledge?: string;
  readonly maxAlarms?: number;
  readonly failOn: RuleSeverity | "never";
  readonly json?: boolean;
  readonly sarif?: string;
  readonly explain?: string;
  readonly rules?: boolean;
}

const AFTER = `
Example:
  terraform plan -out=p && terraform show -json p > plan.json
  tracewright check plan.json --acknowledgements accepted.json

accepted.json lists findings you live with, each with its reason:
  {"acknowledged": [{"rule": "log-retention", "address": "aws_cloudwatch_log_group.audit", "reason": "kept by law"}]}

Exit codes: 0 nothing to do, 1 a rule of at least --fail-on is broken, 2 wrong usage or unusable file,
3 nothing is broken but something could not be evaluated.`;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError("expected a whole number of 0 or more.");
  return value;
}

function exitOf(report: CheckReport, failOn: Options["failOn"]): Exit {
  const failing = failOn === "never" ? [] : SEVERITY_ORDER.slice(0, SEVERITY_ORDER.indexOf(failOn) + 1);
  if (failing.some((severity) => open(report, severity).length > 0)) return EXIT.findings;
  return open(report, "could-not-evaluate").length > 0 ? EXIT.undecided : EXIT.fine;
}

function check(terminal: Terminal, file: string | undefined, options: Options): Exit {
  if (options.rules === true) {
    terminal.out(ruleList());
    return EXIT.fine;
  }
  if (options.explain !== undefined) {
    terminal.out(explanation(ruleNamed(options.explain)));
    return EXIT.fine;
  }
  if (file === undefined) {
    throw new InputError("FILE", "nothing", "a Terraform JSON file", "tracewright check --help");
  }
  const ids = PLAN_RULES.map((rule) => rule.id);
  const acknowledgements =
    options.acknowledgements === undefined ? [] : readAcknowledgements(options.acknowledgements, ids);
  const terraform = readTerraform(file, options.configuration);
  const input = {
    terraform,
    ...(options.knowledge === undefined ? {} : { knowledge: readKnowledge(options.knowledge, terraform) }),
    ...(options.maxAlarms === undefined ? {} : { alarmBudget: options.maxAlarms }),
  };
  const report = checkReport(file, PLAN_RULES, input, acknowledgements);
  if (options.sarif !== undefined) {
    writeFileSync(options.sarif, `${JSON.stringify(sarif(report), undefined, 2)}\n`);
    terminal.progress(`SARIF written to ${options.sarif}`);
  }
  if (options.json === true) {
    terminal.out(JSON.stringify(forMachines(report), undefined, 2));
    terminal.progress(summaryLine(report));
  } else {
    terminal.out(forPeople(terminal, report));
  }
  return exitOf(report, options.failOn);
}

/** The command `tracewright check`. */
export function checkCommand(terminal: Terminal): Command {
  return new Command("check")
    .summary("find what is wrong with traces and alarms")
    .description(
      "Find traces that stop, alarms that cannot fire, lie or are not heard, and waste, in any AWS Terraform.",
    )
    .argument("[file]", "terraform show -json of a plan or state, or cdk.tf.json")
    .option("--acknowledgements <file>", "findings you live with, each with a reason")
    .option(
      "--configuration <file>",
      "the cdk.tf.json a plan was made from; decides what the plan leaves to apply",
    )
    .option("--knowledge <file>", "what your functions emit; decides what a plan leaves open")
    .option("--max-alarms <count>", "the most alarms you want to pay for", wholeNumber)
    .addOption(
      new Option("--fail-on <severity>", "exit 1 from this severity on")
        .choices([...SEVERITY_ORDER, "never"])
        .default("warning"),
    )
    .option("--json", "print the whole report as JSON")
    .option("--sarif <file>", "also write SARIF 2.1.0 for code hosts")
    .option("--rules", "list all rules")
    .option("--explain <rule>", "say what a rule wants and why")
    .addHelpText("after", AFTER)
    .action((file: string | undefined, options: Options) => {
      process.exitCode = check(terminal, file, options);
    });
}
