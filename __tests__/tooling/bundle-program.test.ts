import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const BUNDLER = pathToFileURL(resolve(__dirname, "..", "..", "tooling", "bundle-program.mjs")).href;

test("a program is whole for whoever reads it while another run bundles it again", async () => {
  const root = mkdtempSync(join(tmpdir(), "tracewright-bundle-"));
  writeFileSync(join(root, "program.ts"), `console.log("${"x".repeat(1_000_000)}");\n`);
  const script = `import { bundleProgram } from "${BUNDLER}";
    for (let run = 0; run < 10; run += 1) console.log(bundleProgram("${root}", "program.ts"));`;
  const bundling = spawn(process.execPath, ["--input-type=module", "-e", script]);
  const [first] = (await once(bundling.stdout, "data")) as [Buffer];
  const outfile = first.toString().trim().split("\n")[0] ?? "";
  const sizes = new Set<number>();
  while (bundling.exitCode === null) {
    sizes.add(readFileSync(outfile).length);
    await turn();
  }
  expect(bundling.exitCode).toBe(0);
  expect(sizes.size).toBe(1);
});
