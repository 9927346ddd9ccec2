import { join } from "node:path";
import { buildSync } from "esbuild";
import { STREAMING_OPTIONS } from "../../modules/streaming-bundle";
import { ROOT } from "./pipeline-lab";

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
    ...STREAMING_OPTIONS,
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, ENTRIES[entry])],
    write: false,
    logLevel: "silent",
  }).outputFiles;
  const code = output?.text ?? "";
  built.set(entry, code);
  return code;
}
