import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { NO_ACCOUNT } from "./plan/offline";
import { providerSource } from "./plan/provider-mirror";
import { terraformIn } from "./plan/terraform";

const HELP = `Usage: npm run fixtures:plans -- [NAME…]

Makes a real Terraform plan of every directory under __tests__/fixtures/plans that holds a main.tf and writes
\`terraform show -json\` beside it as plan.json, with the digest of its sources in plan.sha256. Without names, only
directories whose sources changed are planned.

Exit codes: 0 written, 1 Terraform refused one (the message says which).`;

const FOLDER = join("__tests__", "fixtures", "plans");

/** Laid over every fixture, so that none repeats it: real provider, no account. */
const OFFLINE = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
};

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && /\.(tf|json)$/.test(one.name) && one.name !== "plan.json")
    .map((one) => join(one.parentPath, one.name))
    .sort();
}

/** SHA-256 over the Terraform sources of a fixture, hexadecimal. */
export function sourcesDigest(directory: string): string {
  const hash = createHash("sha256");
  for (const file of filesBelow(directory)) hash.update(readFileSync(file));
  return hash.digest("hex");
}

async function planOne(name: string, scratch: string): Promise<void> {
  const source = join(FOLDER, name);
  const target = join(scratch, "work");
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, { recursive: true });
  writeFileSync(join(target, "versions_override.tf.json"), JSON.stringify(OFFLINE));
  const aliases = [...readFileSync(join(source, "main.tf"), "utf8").matchAll(/alias\s*=\s*"(\w+)"/g)];
  const blocks = [NO_ACCOUNT, ...aliases.map(([, alias]) => ({ alias, ...NO_ACCOUNT }))];
  writeFileSync(join(target, "offline_override.tf.json"), JSON.stringify({ provider: { aws: blocks } }));
  const provider = await providerSource(process.env, scratch);
  const terraform = terraformIn(target, { ...provider.variables, TF_DATA_DIR: join(scratch, "data") });
  const run = async (...args: readonly string[]): Promise<string> => {
    const outcome = await terraform(...args);
    if (outcome.code !== 0)
      throw new Error(`${source}: terraform ${args[0]}:\n${outcome.stderr || outcome.stdout}`);
    return outcome.stdout;
  };
  await run("init", "-input=false", "-no-color");
  await run("plan", "-input=false", "-no-color", "-refresh=false", "-lock=false", "-out=p");
  const shown = JSON.parse(await run("show", "-json", "p")) as Record<string, unknown>;
  writeFileSync(join(source, "plan.json"), `${JSON.stringify({ ...shown, timestamp: undefined })}\n`);
  writeFileSync(join(source, "plan.sha256"), `${sourcesDigest(source)}\n`);
}

function isStale(name: string): boolean {
  const directory = join(FOLDER, name);
  const digest = join(directory, "plan.sha256");
  return !existsSync(digest) || readFileSync(digest, "utf8").trim() !== sourcesDigest(directory);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean" } },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  mkdirSync(FOLDER, { recursive: true });
  const all = readdirSync(FOLDER)
    .filter((name) => existsSync(join(FOLDER, name, "main.tf")))
    .sort();
  const wanted = positionals.length > 0 ? positionals : all.filter(isStale);
  const scratch = mkdtempSync(join(tmpdir(), "plan-fixtures-"));
  try {
    for (const [index, name] of wanted.entries()) {
      process.stderr.write(`${index + 1} of ${wanted.length}: ${name}\n`);
      await planOne(name, scratch);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

if (process.argv[1]?.endsWith("run.mjs") === true) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
