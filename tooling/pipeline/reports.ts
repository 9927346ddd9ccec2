import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ENVIRONMENTS, type Environment } from "../../contract/names";
import { judgementsOf } from "../judgements";
import { execute } from "../plan/terraform";
import { plannedResources } from "./planned-resources";

const HELP = `Usage: npm run reports -- --environment NAME [--out FOLDER]

Plans an environment for real, without an AWS account, runs tracewright check, rehearse and cost on the plan, and keeps
what each says as JSON in FOLDER/NAME, for the comment on a pull request. The plan itself stays in build/plan: it may
hold secrets, the reports do not.

  --environment NAME  ${ENVIRONMENTS.join(", ")}
  --out FOLDER        default build/reports
  --help              this text

Exit codes: 0 nothing is wrong, 1 something is (every report is written all the same), 2 wrong usage.
`;

async function node(args: readonly string[]): Promise<{ code: number; stdout: string }> {
  const { code, stdout, stderr } = await execute(process.execPath, args, {
    cwd: process.cwd(),
    env: process.env,
  });
  process.stderr.write(stderr);
  return { code, stdout };
}

async function report(environment: Environment, folder: string): Promise<boolean> {
  mkdirSync(folder, { recursive: true });
  const plan = await node(["tooling/run.mjs", "tooling/plan/cli.ts", "--environment", environment, "--json"]);
  if (plan.code !== 0) return false;
  writeFileSync(join(folder, "summary.json"), plan.stdout);
  const shown: unknown = JSON.parse(readFileSync(join("build", "plan", environment, "plan.json"), "utf8"));
  writeFileSync(join(folder, "resources.json"), `${JSON.stringify(plannedResources(shown), undefined, 1)}\n`);
  let fine = true;
  for (const { title, args } of judgementsOf(environment)) {
    const sarif = title === "check" ? ["--sarif", join(folder, "check.sarif")] : [];
    const { code, stdout } = await node(["tooling/tracewright.mjs", ...args, "--json", ...sarif]);
    writeFileSync(join(folder, `${title}.json`), stdout);
    process.stderr.write(`${environment} ${title}: ${code === 0 ? "fine" : `exit code ${code}`}\n`);
    fine &&= code === 0;
  }
  return fine;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      environment: { type: "string" },
      out: { type: "string", default: join("build", "reports") },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const environment = ENVIRONMENTS.find((one) => one === values.environment);
  if (environment === undefined)
    throw new Error(`--environment ${values.environment}: expected one of ${ENVIRONMENTS.join(", ")}.`);
  return (await report(environment, join(values.out, environment))) ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    process.exitCode = 2;
  },
);
