// Bundles a TypeScript program of this repository and runs it: node tooling/run.mjs PROGRAM.ts [arguments]
import { createRequire } from "node:module";
import { bundleProgram } from "./bundle-program.mjs";

/** Errors that say themselves what to do: a stack trace would only hide it. */
const TOLD = /^(Construct|GuardRail|Input|Settings)Error$/;

process.env.CHECKPOINT_DISABLE ??= "1";
const [program] = process.argv.splice(2, 1);
try {
  createRequire(import.meta.url)(bundleProgram(process.cwd(), program));
} catch (error) {
  if (!TOLD.test(error?.name ?? "")) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
