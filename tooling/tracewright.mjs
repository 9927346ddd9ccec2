#!/usr/bin/env node
// The `tracewright` command: bundles instruments/cli/program.ts of this package and runs it where the user is.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outfile = join(root, "build", "programs", "tracewright.cjs");

buildSync({
  absWorkingDir: root,
  entryPoints: ["instruments/cli/program.ts"],
  outfile,
  bundle: true,
  platform: "node",
  packages: "external",
  format: "cjs",
  target: "node20",
  sourcemap: "inline",
  logLevel: "error",
});
createRequire(import.meta.url)(outfile);
