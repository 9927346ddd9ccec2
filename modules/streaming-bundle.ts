import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import type { Emissions } from "../policies/rules/promises";
import { emissionsIn } from "./emissions";
import { BUNDLE_OPTIONS } from "./function-bundle";

/** The streaming function's code, bundled for its image. */
export interface StreamingBundle {
  /** Absolute path of the one file the image needs. */
  readonly path: string;
  readonly codeBytes: number;
  /** What the shipped code emits. */
  readonly emissions: Emissions;
}

/**
 * How the streaming function is built: as an ES module, because nothing captures `http` there and OpenTelemetry's ES
 * sources can be tree-shaken (node-tracing-facts §10). One of its packages is CommonJS and calls `require`.
 */
export const STREAMING_OPTIONS = {
  ...BUNDLE_OPTIONS,
  format: "esm",
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
} as const satisfies BuildOptions;

/**
 * Bundles the streaming function into one ES module whose bytes depend on the sources alone.
 *
 * @param root directory that holds `functions/`
 * @param outdir where the bundle is written, as `sse/index.mjs`, with `sse/metafile.json` beside it
 * @throws Error with esbuild's message when a source does not compile
 */
export function bundleStreaming(root: string, outdir: string): StreamingBundle {
  const { outputFiles, metafile } = buildSync({
    ...STREAMING_OPTIONS,
    absWorkingDir: root,
    entryPoints: ["functions/streaming/handler.ts"],
    outfile: "/bundle/index.mjs",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("functions/streaming/handler.ts produced no bundle");
  mkdirSync(join(outdir, "sse"), { recursive: true });
  const path = join(outdir, "sse", "index.mjs");
  writeFileSync(path, output.contents);
  // What the image's build looks for rivals of our tracing in.
  writeFileSync(join(outdir, "sse", "metafile.json"), JSON.stringify(metafile));
  return { path, codeBytes: output.contents.length, emissions: emissionsIn(output.text) };
}
