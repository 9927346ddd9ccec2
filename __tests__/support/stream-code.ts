import { join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import { ROOT } from "./pipeline-lab";

/** How the streaming function is bundled for the runtime client: one ES module. */
export const STREAM_BUILD = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  mainFields: ["module", "main"],
  alias: { "@aws-sdk/credential-provider-node": "./functions/runtime/environment-credentials.ts" },
  // One package of OpenTelemetry has CommonJS only and requires node's own modules.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  minify: true,
} as const satisfies BuildOptions;

const ENTRIES = {
  /** The function as it ships. */
  function: "functions/streaming/handler.ts",
  /** The function with a way to look at its process and to break its client's connection. */
  lab: "__tests__/runtime-client/stream/lab-handler.ts",
} as const;

const built = new Map<string, string>();

/** The streaming function as one ES module. */
export function streamCode(entry: keyof typeof ENTRIES = "function"): string {
  const known = built.get(entry);
  if (known !== undefined) return known;
  const [output] = buildSync({
    ...STREAM_BUILD,
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, ENTRIES[entry])],
    write: false,
    logLevel: "silent",
  }).outputFiles;
  const code = output?.text ?? "";
  built.set(entry, code);
  return code;
}
