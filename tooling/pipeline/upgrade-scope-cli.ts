import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { type Change, mixedIn, upgradesIn, type Versions } from "./upgrade-scope";

const HELP = `Usage: npm run upgrade:scope -- --base REVISION

Refuses a change that upgrades the collector, OpenTelemetry, Powertools or the X-Ray SDK together with application code.

  --base REVISION  the branch the change goes into, for example origin/main
  --help           this text

Exit codes: 0 the change is one or the other, 1 it is both (the message says what), 2 wrong usage.
`;

const MANIFEST = v.object({
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
  devDependencies: v.optional(v.record(v.string(), v.string()), {}),
  overrides: v.optional(v.record(v.string(), v.unknown()), {}),
});

function git(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { encoding: "utf8" });
  if (status === 0) return stdout;
  throw new Error(`git ${args.join(" ")}: ${stderr.trim()}`);
}

function versionsIn(manifest: string): Versions {
  const { dependencies, devDependencies, overrides } = v.parse(MANIFEST, JSON.parse(manifest));
  const forced = Object.entries(overrides).map(([name, version]) => [
    `${name} (override)`,
    JSON.stringify(version),
  ]);
  return { ...devDependencies, ...dependencies, ...Object.fromEntries(forced) };
}

function changeSince(base: string): Change {
  const from = git("merge-base", base, "HEAD").trim();
  return {
    files: git("diff", "--name-only", from, "HEAD")
      .split("\n")
      .filter((name) => name !== ""),
    before: versionsIn(git("show", `${from}:package.json`)),
    after: versionsIn(readFileSync("package.json", "utf8")),
  };
}

function main(): number {
  const { values } = parseArgs({ options: { base: { type: "string" }, help: { type: "boolean" } } });
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.base === undefined) throw new Error("--base is needed.");
  const change = changeSince(values.base);
  const upgrades = upgradesIn(change);
  const mixed = mixedIn(change);
  if (mixed.length === 0) {
    process.stdout.write(upgrades.length === 0 ? "no upgrade\n" : `upgrade alone: ${upgrades.join(", ")}\n`);
    return 0;
  }
  process.stderr.write(
    `found an upgrade of ${upgrades.join(", ")} together with ${mixed.join(", ")}; expected one or the other. ` +
      "Next step: make two changes, the upgrade first; docs/upgrades says how.\n",
  );
  return 1;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  process.exitCode = 2;
}
