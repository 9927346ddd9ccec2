// Our fast path against stock Terraform CDK on the same sources, in one run: `npm run synth` of one environment
// beside `cdktf synth` whose app is type-checking ts-node. Prints medians of wall seconds and their ratio (A7).
// [BENCH] A7: bench/synth.mjs
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "./median.mjs";

const ROUNDS = 5;
const LIMIT = 0.35;
const outdir = mkdtempSync(join(tmpdir(), "tracewright-bench-"));
const env = {
  ...process.env,
  CHECKPOINT_DISABLE: "1",
  CI: "1",
  TRACEWRIGHT_ENVIRONMENTS: "dev",
  TS_NODE_FILES: "true",
};

const CANDIDATES = {
  ours: ["npm", ["run", "--silent", "synth"], { CDKTF_OUTDIR: join(outdir, "ours") }],
  stock: ["npx", ["cdktf", "synth", "--app", "npx ts-node main.ts", "--output", join(outdir, "stock")], {}],
};

function secondsOf([command, args, variables]) {
  const started = performance.now();
  const run = spawnSync(command, args, { env: { ...env, ...variables }, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${run.stdout}${run.stderr}`);
  return (performance.now() - started) / 1000;
}

const times = { ours: [], stock: [] };
try {
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const [name, candidate] of Object.entries(CANDIDATES)) times[name].push(secondsOf(candidate));
    process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
const ours = median(times.ours);
const stock = median(times.stock);
const ratio = ours / stock;
process.stdout.write(
  [
    `npm run synth                     ${ours.toFixed(2)} s`,
    `cdktf synth, type-checking ts-node ${stock.toFixed(2)} s`,
    `ratio ${ratio.toFixed(2)} (at most ${LIMIT}), medians of ${ROUNDS}`,
    "",
  ].join("\n"),
);
if (ratio > LIMIT) process.exitCode = 1;
