import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync, type Metafile } from "esbuild";
import { bundleFaults } from "../../containers/sse/bundle-faults";
import { collectorConfig } from "../../containers/sse/collector-config";
import { collectorConfigFaults } from "../../containers/sse/collector-config-faults";
import { dockerfileFaults } from "../../containers/sse/dockerfile-faults";
import type { ImageOptions } from "./options";
import { Refusal } from "./refusal";

/** Where the Dockerfile and the program that runs in the build are. */
const SOURCES = join("containers", "sse");

function need(file: string, nextStep: string): string {
  if (existsSync(file)) return file;
  throw new Refusal(file, "no such file", "a file", nextStep);
}

function metafileOf(file: string): Metafile {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Metafile;
  } catch {
    throw new Refusal(file, "no JSON", "what esbuild writes as metafile", "bundle the function again");
  }
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

/**
 * Fills a folder with exactly what the Dockerfile copies, so that nothing else can reach the image.
 *
 * @returns the folder
 * @throws Refusal when a file is missing; Error naming every fault of bundle, configuration or Dockerfile
 */
export function buildContext(options: ImageOptions): string {
  const bundle = need(join(options.function, "index.mjs"), "bundle the function: npm run synth");
  const metafile = need(join(options.function, "metafile.json"), "bundle the function: npm run synth");
  const dockerfile = join(SOURCES, "Dockerfile");
  refuseFaults([
    ...bundleFaults(metafileOf(metafile)),
    ...collectorConfigFaults(collectorConfig()),
    ...dockerfileFaults(readFileSync(dockerfile, "utf8")),
  ]);

  const context = join(options.out, "context");
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  copyFileSync(dockerfile, join(context, "Dockerfile"));
  copyFileSync(bundle, join(context, "index.mjs"));
  // A copy keeps the mode of its original, and the mode is part of the image.
  chmodSync(join(context, "index.mjs"), 0o644);
  if (options.target === "baseline") return context;

  const fetched = "tracewright pins check --archives build/pins, with AWS credentials";
  copyFileSync(need(options.archive, fetched), join(context, "collector.zip"));
  writeFileSync(join(context, "collector-config.yaml"), collectorConfig(), { mode: 0o644 });
  buildSync({
    entryPoints: [join(SOURCES, "collector", "prepare.ts")],
    outfile: join(context, "prepare-collector.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    mainFields: ["module", "main"],
    logLevel: "warning",
  });
  return context;
}
