import { join } from "node:path";
import { parseArgs } from "node:util";
import { ENVIRONMENTS, type Environment } from "../contract/names";
import { judgementsOf } from "./judgements";
import { execute } from "./plan/terraform";

const HELP = `Usage: npm run prove -- [--environment NAME]

Plans every environment for real, without an AWS account, then runs tracewright check, rehearse and cost on the plan.
The rehearsal's page is build/plan/NAME/rehearsal.html.

  --environment NAME  only this one: ${ENVIRONMENTS.join(", ")}
  --help              this text

Exit codes: 0 everything is proved, 1 something is not (the output says what), 2 wrong usage.`;

async function node(args: readonly string[]): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await execute(process.execPath, args, {
    cwd: process.cwd(),
    env: process.env,
  });
  return { code, output: code === 0 ? stdout : `${stdout}${stderr}` };
}

/** The last line of a report says how it went; the whole report is shown when something is wrong. */
function shown(code: number, output: string): string {
  const text = output.trimEnd();
  return code === 0 ? (text.split("\n").at(-1) ?? "") : text;
}

async function prove(environment: Environment): Promise<boolean> {
  process.stdout.write(`${environment}\n`);
  const planned = await node(["tooling/run.mjs", "tooling/plan/cli.ts", "--environment", environment]);
  process.stdout.write(
    `  plan      ${planned.code === 0 ? (planned.output.split("\n")[0] ?? "") : planned.output}\n`,
  );
  if (planned.code !== 0) return false;
  let proved = true;
  const page = join("build", "plan", environment, "rehearsal.html");
  for (const { title, args } of judgementsOf(environment)) {
    const kept = title === "rehearse" ? ["--html", page] : [];
    const { code, output } = await node(["tooling/tracewright.mjs", ...args, ...kept]);
    proved &&= code === 0;
    process.stdout.write(`  ${title.padEnd(9)} ${shown(code, output)}\n`);
  }
  return proved;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { environment: { type: "string" }, help: { type: "boolean" } } });
  if (values.help === true) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const wanted = ENVIRONMENTS.filter((one) => values.environment === undefined || one === values.environment);
  if (wanted.length === 0) {
    process.stderr.write(
      `--environment ${values.environment}: expected one of ${ENVIRONMENTS.join(", ")}.\n`,
    );
    return 2;
  }
  let proved = true;
  for (const environment of wanted) proved = (await prove(environment)) && proved;
  return proved ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}\n`);
    process.exitCode = 2;
  },
);
