import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { EXIT, type Exit } from "../../instruments/cli/exit";
import { json as asJson } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import { FunctionAdmin } from "./function-admin";
import { CRITERIA, forPeople } from "./people";
import type { SwitchState } from "./report";
import { throwSwitch } from "./throw-switch";
import type { SwitchPosition } from "./tracing-switch";

interface Options {
  readonly function: string;
  readonly alias?: string;
  readonly region?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const AFTER = `
${CRITERIA}

Example:
  tracewright kill-switch on --function prod-sentiment-sse --dry-run
  tracewright kill-switch on --function prod-sentiment-sse

Needs lambda:GetFunctionConfiguration, UpdateFunctionConfiguration and ListAliases; with --alias also GetAlias,
PublishVersion and UpdateAlias; kms:Decrypt when the variables are under a key of your own.

Exit codes: 0 done, nothing to do or dry run, 1 refused, or half done once a write was sent, 2 wrong usage or AWS refuses, 3 Lambda has not
applied an earlier change yet.`;

const EXITS: Readonly<Record<SwitchState, Exit>> = {
  planned: EXIT.fine,
  done: EXIT.fine,
  unchanged: EXIT.fine,
  refused: EXIT.findings,
  "half-done": EXIT.findings,
  unsettled: EXIT.undecided,
};

/** A function's name, its ARN, or the part of it after the account; the pattern of Lambda's API without a qualifier. */
const FUNCTION = /^(?:(?:arn:aws[\w-]*:lambda:[\w-]+:)?\d{12}:function:)?[\w-]{1,64}$/;
const ALIAS = /^(?!\d+$)[\w-]{1,128}$/;

function functionOption(text: string): string {
  if (FUNCTION.test(text)) return text;
  throw new InvalidArgumentError("expected a function's name or ARN; name an alias with --alias.");
}

function aliasOption(text: string): string {
  if (ALIAS.test(text)) return text;
  throw new InvalidArgumentError(
    "expected an alias; versions cannot be changed, and $LATEST needs no alias.",
  );
}

async function run(terminal: Terminal, position: SwitchPosition, options: Options): Promise<Exit> {
  const { function: functionName, alias, region, dryRun = false } = options;
  const admin = new FunctionAdmin(functionName, region);
  const pace = { sleep: (ms: number) => sleep(ms), progress: terminal.progress };
  try {
    const report = await throwSwitch(admin, { functionName, position, alias, region, dryRun }, pace);
    terminal.out(options.json === true ? asJson(report) : forPeople(terminal, report));
    return EXITS[report.state];
  } finally {
    admin.close();
  }
}

function part(terminal: Terminal, position: SwitchPosition, summary: string): Command {
  return new Command(position)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}; all other variables stay as they are.`)
    .requiredOption("--function <name>", "the Lambda function", functionOption)
    .option(
      "--alias <name>",
      "the alias callers use; a version is published and the alias moved to it",
      aliasOption,
    )
    .option("--region <region>", "AWS region; default: the SDK's")
    .option("--dry-run", "show what would change and write nothing")
    .option("--json", "print the report as JSON")
    .addHelpText("after", AFTER)
    .action(async (options: Options) => {
      process.exitCode = await run(terminal, position, options);
    });
}

/** The command `tracewright kill-switch`. */
export function killSwitchCommand(terminal: Terminal): Command {
  return new Command("kill-switch")
    .summary("switch a function's tracing off and on again")
    .description(
      "Switch tracing off without a deployment, and on again, by a function's environment variables.",
    )
    .addCommand(part(terminal, "on", "stop tracing"))
    .addCommand(part(terminal, "off", "let tracing run again"));
}
