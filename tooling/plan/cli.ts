import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ENVIRONMENTS, type Environment } from "../../contract/names";
import { knowledgeOf } from "../../policies/known";
import { prepareOffline } from "./offline";
import { providerSource } from "./provider-mirror";
import { describeSummary, type Summary, summarize } from "./summary";
import { execute, type Outcome, terraformIn } from "./terraform";

const HELP = `Usage: npm run plan -- [--environment NAME] [--json]

Synthesizes every environment under guard-rails, then makes a real Terraform plan of one, without an AWS account.

  --environment NAME  ${ENVIRONMENTS.join(", ")} (default: dev)
  --json              print the figures as JSON on standard output
  --help              this text

Exit codes: 0 planned, 1 something is wrong (the message says what), 2 wrong usage.
Variables: TRACEWRIGHT_PROVIDER_MIRROR names a provider mirror, TRACEWRIGHT_SETTINGS a settings file.`;

/** Wrong usage of the command line. */
class UsageError extends Error {}

/** Says what is going on, and afterwards how long it took, on standard error. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  process.stderr.write(`${what} … `);
  try {
    const result = await work();
    process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write("failed\n");
    throw error;
  }
}

function requireSuccess(what: string, outcome: Outcome): Outcome {
  if (outcome.code === 0) return outcome;
  throw new Error(`${what} ended with ${outcome.code}:\n${(outcome.stderr || outcome.stdout).trim()}`);
}

async function plan(environment: Environment): Promise<{ summary: Summary; files: readonly string[] }> {
  const root = process.cwd();
  const stack = join(root, "cdktf.out", "stacks", environment);
  const target = join(root, "build", "plan", environment);
  await step(`synth and guard-rails (${ENVIRONMENTS.join(", ")})`, async () => {
    const env = { ...process.env, TRACEWRIGHT_ENVIRONMENTS: ENVIRONMENTS.join(",") };
    const program = ["tooling/run.mjs", "main.ts"];
    requireSuccess("synth", await execute(process.execPath, program, { cwd: root, env }));
  });
  prepareOffline(stack, target);
  const source = await providerSource(process.env, join(root, "build", "plan"));
  const terraform = terraformIn(target, source.variables);
  await step(`terraform init, provider from ${source.description}`, async () =>
    requireSuccess("terraform init", await terraform("init", "-input=false", "-no-color")),
  );
  await step("terraform validate", async () =>
    requireSuccess("terraform validate", await terraform("validate", "-no-color")),
  );
  const shown = await step(`terraform plan (${environment}, offline)`, async () => {
    requireSuccess(
      "terraform plan",
      await terraform(
        "plan",
        "-input=false",
        "-no-color",
        "-refresh=false",
        "-lock=false",
        "-out=plan.tfplan",
      ),
    );
    return requireSuccess("terraform show", await terraform("show", "-json", "plan.tfplan")).stdout;
  });
  const planFile = join(target, "plan.json");
  writeFileSync(planFile, shown);
  const knowledgeFile = join(target, "knowledge.json");
  writeFileSync(knowledgeFile, JSON.stringify(knowledgeOf(environment), undefined, 2));
  const summary = summarize(environment, stack, JSON.parse(shown), join(root, "build", "functions"));
  const stacks = readdirSync(join(root, "cdktf.out", "stacks")).sort();
  return {
    summary,
    files: [
      ...stacks.map((name) => `cdktf.out/stacks/${name}/cdk.tf.json`),
      `build/plan/${environment}/plan.json`,
      `build/plan/${environment}/knowledge.json`,
    ],
  };
}

function parseEnvironment(name: string): Environment {
  const found = ENVIRONMENTS.find((one) => one === name);
  if (found !== undefined) return found;
  throw new UsageError(`--environment ${name}: expected one of ${ENVIRONMENTS.join(", ")}.`);
}

function options(): { environment: string; json: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        environment: { type: "string", default: "dev" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function main(): Promise<void> {
  const { environment, json, help } = options();
  if (help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const { summary, files } = await plan(parseEnvironment(environment));
  process.stdout.write(`${json ? JSON.stringify(summary, undefined, 2) : describeSummary(summary, files)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`${HELP}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
