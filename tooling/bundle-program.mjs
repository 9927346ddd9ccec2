import { join } from "node:path";
import { buildSync } from "esbuild";

// Packages stay outside the bundle: a bundled cdktf would respawn it without end when it zips an archive. Types are
// checked by `npm run typecheck`, not here.
/** Bundles a TypeScript program below `root` into one CommonJS file and returns where it is. */
export function bundleProgram(root, program) {
  const name = program.replaceAll("/", "-").slice(0, -".ts".length);
  const outfile = join(root, "build", "programs", `${name}.cjs`);
  buildSync({
    absWorkingDir: root,
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: "node",
    packages: "external",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}
