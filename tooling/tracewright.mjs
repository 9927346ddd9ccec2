#!/usr/bin/env node
// The `tracewright` command: bundles its program in this package and runs it where the user is.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "./bundle-program.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
createRequire(import.meta.url)(bundleProgram(root, "doctor/program.ts"));
