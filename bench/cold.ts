// Cold start of each function as we bundle it against a plain default esbuild build of the same sources, in one run:
// CPU milliseconds of loading the bundle and answering the first call against an emulator, and bytes of code (A7).
// [BENCH] A7: bench/cold.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import { strToU8, zipSync } from "fflate";
import { tiingoArticle, yesterdayAt } from "../__tests__/support/news";
import { PipelineLab } from "../__tests__/support/pipeline-lab";
import type { ZipServiceKey } from "../contract/services";
import { BUNDLE_OPTIONS } from "../modules/function-bundle";

const ROUNDS = 15;
const LIMIT = 0.8;
const BUILDS = {
  ours: BUNDLE_OPTIONS,
  plain: { bundle: true, platform: "node" },
} as const satisfies Record<string, BuildOptions>;
type Build = keyof typeof BUILDS;

/** Wraps a bundle so that its first answer is the CPU time spent since the process began to load it. */
const METER = `const before = process.cpuUsage();
const inner = require("./bundle.js");
exports.handler = async (event, context) => {
  await inner.handler(event, context);
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000 };
};`;

interface Candidate {
  readonly zipPath: string;
  readonly bytes: number;
  readonly cpuMs: number[];
}

function build(directory: string, service: ZipServiceKey, name: Build): Candidate {
  const output = buildSync({
    ...BUILDS[name],
    absWorkingDir: process.cwd(),
    entryPoints: [`functions/${service}/handler.ts`],
    outdir: "/bundle",
    write: false,
    logLevel: "silent",
  }).outputFiles[0];
  if (output === undefined) throw new Error(`functions/${service}/handler.ts produced no bundle`);
  const zipPath = join(directory, `${service}-${name}.zip`);
  writeFileSync(zipPath, zipSync({ "index.js": strToU8(METER), "bundle.js": output.contents }));
  return { zipPath, bytes: output.contents.length, cpuMs: [] };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function firstCall(
  lab: PipelineLab,
  service: ZipServiceKey,
  candidate: Candidate,
  event: unknown,
): Promise<void> {
  const host = await lab.function(service, {}, [], candidate.zipPath);
  const { result, error } = await host.invoke(event);
  await host.stop();
  if (error !== undefined) throw new Error(`${service}: ${error.message}`);
  candidate.cpuMs.push((result as { cpuMs: number }).cpuMs);
}

/** The request of an article that is scored already, so that every measured call finds it in the same state. */
async function analysedRequest(lab: PipelineLab): Promise<unknown> {
  await lab.watch("ACME");
  lab.tiingo.script({
    kind: "articles",
    articles: [tiingoArticle("Acme wins an award", { publishedDate: yesterdayAt(10).toISOString() })],
  });
  await lab.run("ingestion");
  const [request] = await lab.published();
  await lab.run("analysis", request);
  return request;
}

async function compare(
  lab: PipelineLab,
  directory: string,
  service: ZipServiceKey,
  event: unknown,
  busy = false,
): Promise<void> {
  const ours = build(directory, service, "ours");
  const plain = build(directory, service, "plain");
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const candidate of [ours, plain]) await firstCall(lab, service, candidate, event);
  }
  const cpu = median(ours.cpuMs) / median(plain.cpuMs);
  const size = ours.bytes / plain.bytes;
  process.stdout.write(
    `${service.padEnd(10)} CPU ${median(ours.cpuMs).toFixed(0)} ms / ${median(plain.cpuMs).toFixed(0)} ms = ` +
      `${cpu.toFixed(2)}   size ${Math.round(ours.bytes / 1024)} KiB / ${Math.round(plain.bytes / 1024)} KiB = ` +
      `${size.toFixed(2)}   (${busy ? "busy, no limit" : `at most ${LIMIT}`})\n`,
  );
  if (!busy && (cpu > LIMIT || size > LIMIT)) process.exitCode = 1;
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tracewright-cold-"));
  const lab = await PipelineLab.start();
  try {
    await lab.reset();
    // An application that nobody uses yet: the least work there is, so that starting is what is measured.
    await compare(lab, directory, "metrics", {});
    await compare(lab, directory, "ingestion", {});
    await compare(lab, directory, "analysis", await analysedRequest(lab));
    // Now somebody watches a ticker: the same start-up, diluted by calls to both vendors and the work they bring.
    await compare(lab, directory, "ingestion", {}, true);
    process.stdout.write(
      `Medians of ${ROUNDS} fresh processes. How: ES module sources so that unused code is shaken off, minified, ` +
        "and Lambda's own credentials instead of the SDK's default chain.\n",
    );
  } finally {
    await lab.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
