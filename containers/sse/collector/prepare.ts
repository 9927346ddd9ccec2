import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { COLLECTOR_CONFIG_PATH } from "../../../contract/environment-variables";
import { tryCollector } from "./trial";
import { collectorOf, EXTENSION } from "./unpack";

const CONTEXT = "/collector-build";
const BINARY = join("/opt", EXTENSION);

async function prepare(): Promise<void> {
  const sha256 = process.env["COLLECTOR_SHA256"] ?? "";
  const collector = collectorOf(readFileSync(join(CONTEXT, "collector.zip")), sha256);
  for (const file of [BINARY, COLLECTOR_CONFIG_PATH])
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  writeFileSync(BINARY, collector, { mode: 0o755 });
  copyFileSync(join(CONTEXT, "collector-config.yaml"), COLLECTOR_CONFIG_PATH);
  await tryCollector(BINARY, COLLECTOR_CONFIG_PATH);
}

prepare().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
