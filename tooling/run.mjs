// Bundles a TypeScript program of this repository and runs it: node tooling/run.mjs PROGRAM.ts [arguments]
import { createRequire } from "node:module";
import { bundleProgram } from "./bundle-program.mjs";

process.env.CHECKPOINT_DISABLE ??= "1";
const [program] = process.argv.splice(2, 1);
createRequire(import.meta.url)(bundleProgram(process.cwd(), program));
