import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";

// Packages stay outside the bundle: a bundled cdktf would respawn it without end when it zips an archive. Types are
// checked by `npm run typecheck`, not here.
/** Bundles a TypeScript program below `root` into one CommonJS file and returns where it is. */
export function bundleProgram(root, program) {
  const name = program.replaceAll("/", "-").slice(0, -".ts".length);
  const outfile = join(root, "build", "programs", `${name}.cjs`);
  const [bundle] = buildSync({
    absWorkingDir: root,
    entryPoints: [program],
    outfile,
    bundle: true,
    write: false,
    platform: "node",
    packages: "external",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  }).outputFiles;
  // In one step: a second run beside this one would read half a program, and half of a check finds nothing.
  const own = `${outfile}.${process.pid}`;
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(own, bundle.contents);
  renameSync(own, outfile);
  return outfile;
}
