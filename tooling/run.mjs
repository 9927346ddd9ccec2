// Bundles a TypeScript program of this repository and runs it: node tooling/run.mjs PROGRAM.ts [arguments]
// Packages stay outside the bundle: a bundled cdktf would respawn it without end when it zips an archive. Types are
// checked by `npm run typecheck`, not here.
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";

process.env.CHECKPOINT_DISABLE ??= "1";
const [program] = process.argv.splice(2, 1);
const root = process.cwd();
const outfile = join(
  root,
  "build",
  "programs",
  `${program.replaceAll("/", "-").slice(0, -".ts".length)}.cjs`,
);

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
});
createRequire(import.meta.url)(outfile);
