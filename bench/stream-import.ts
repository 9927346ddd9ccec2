import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import { runtimeEnvironment } from "../lab/runtime/runtime-environment";
import { STREAMING_OPTIONS } from "../modules/streaming-bundle";

/** Our build of the streaming function over a plain one. */
export interface ImportRatios {
  readonly bytes: { readonly ours: number; readonly plain: number };
  /** Milliseconds, medians. */
  readonly importMs: { readonly ours: number; readonly plain: number };
}

const ROUNDS = 15;
const BUILDS = {
  ours: { options: STREAMING_OPTIONS, file: "ours.mjs" },
  plain: { options: { bundle: true, platform: "node" }, file: "plain.cjs" },
} as const satisfies Record<string, { readonly options: BuildOptions; readonly file: string }>;
type Build = keyof typeof BUILDS;

/** Loads a bundle as the runtime would and prints how long that took. */
const LOADER = `import { createRequire } from "node:module";
globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: {} };
const [, , path] = process.argv;
const before = performance.now();
if (path.endsWith(".cjs")) createRequire(path)(path);
else await import(path);
process.stdout.write(String(performance.now() - before));
process.exit();
`;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Measures size and import of both builds in fresh processes, by turns. @param variables of the function */
export function compareImports(variables: Readonly<Record<string, string>>): ImportRatios {
  const directory = mkdtempSync(join(tmpdir(), "tracewright-import-"));
  try {
    writeFileSync(join(directory, "loader.mjs"), LOADER);
    const bytes = { ours: 0, plain: 0 };
    const times: Record<Build, number[]> = { ours: [], plain: [] };
    const builds = Object.keys(BUILDS) as Build[];
    for (const build of builds) {
      const [output] = buildSync({
        ...BUILDS[build].options,
        absWorkingDir: process.cwd(),
        entryPoints: ["functions/streaming/handler.ts"],
        write: false,
        logLevel: "silent",
      }).outputFiles;
      if (output === undefined)
        throw new Error(`the ${build} build of functions/streaming produced no bundle`);
      writeFileSync(join(directory, BUILDS[build].file), output.contents);
      bytes[build] = output.contents.length;
    }
    const env = runtimeEnvironment(
      { functionName: "bench", memoryMb: 1024, variables },
      "127.0.0.1:9",
      directory,
    );
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const build of builds) {
        const args = [join(directory, "loader.mjs"), join(directory, BUILDS[build].file)];
        const { stdout, stderr, status } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
        if (status !== 0) throw new Error(`the ${build} build does not load: ${stderr}`);
        times[build].push(Number(stdout));
      }
    }
    return { bytes, importMs: { ours: median(times.ours), plain: median(times.plain) } };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
