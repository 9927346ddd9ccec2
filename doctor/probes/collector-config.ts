import { readFileSync, statSync } from "node:fs";
import { parse } from "yaml";
import { InputError } from "../../instruments/terraform-file";
import { readLock } from "../pins/lock";
import { COLLECTOR_BUILDS } from "./collector-builds";
import { collectorConfigFaults, collectorConfigWarnings } from "./collector-config-faults";
import { whatElse } from "./file-kind";
import type { Finding, Probe } from "./probe";

const WANTED = "only parts the pinned build has, all connected";
/** Largest configuration that is read, bytes. */
const LARGEST = 200_000;

/** The pinned collector's version as its layer's name spells it. @throws InputError when the lock cannot be read */
function pinnedVersion(lock: string): string | undefined {
  const names = readLock(lock).pins.flatMap((pin) => (pin.kind === "layer" ? [pin.arn] : []));
  return names
    .map((arn) => /:aws-otel-collector-\w+-ver-([0-9-]+):/.exec(arn)?.[1])
    .find((one) => one !== undefined);
}

function problem(found: string, fix: string, evidence: string): readonly Finding[] {
  return [{ verdict: "undecided", evidence, found, wanted: WANTED, fix }];
}

function judge(text: string, version: string, evidence: string): readonly Finding[] {
  const seen = { evidence, wanted: WANTED };
  const build = COLLECTOR_BUILDS[version];
  if (build === undefined) {
    const fix = "add its parts to doctor/probes/collector-builds.ts from the release's sources";
    return problem(`version ${version}, whose parts nobody has listed`, fix, evidence);
  }
  let config: unknown;
  try {
    config = parse(text);
  } catch (error) {
    const words = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    return [{ ...seen, verdict: "fail", found: `no YAML: ${words}`, fix: "mend the YAML at that place" }];
  }
  const faults = collectorConfigFaults(config, build);
  if (faults.length > 0) {
    const fix =
      "remove or connect them; npm run image writes a configuration that fits (containers/sse/collector-config.ts)";
    return [{ ...seen, verdict: "fail", found: faults.join("; "), fix }];
  }
  const warnings = collectorConfigWarnings(config);
  if (warnings.length === 0) return [{ ...seen, verdict: "pass", found: "it fits" }];
  const fix =
    "list the contract's annotation keys under indexed_attributes; what is not listed can never be searched for";
  return [{ ...seen, verdict: "warn", found: warnings.join("; "), fix }];
}

/** DOC-3 collector: its configuration starts in the build that is pinned. */
export const collectorConfig: Probe = {
  id: "collector-config",
  label: "Collector's configuration",
  why: "A part the build does not know stops the collector, and a stopped collector fails the function.",
  weight: "required",
  missing: ({ collectorConfig }) => (collectorConfig === undefined ? "--collector-config FILE" : undefined),
  look: async ({ settings }) => {
    const file = settings.collectorConfig ?? "";
    let text: string;
    try {
      const kind = whatElse(file);
      if (kind !== undefined) return problem(kind, "write it to a file first", file);
      if (statSync(file).size > LARGEST) {
        const found = `more than ${LARGEST / 1000} kB`;
        return problem(found, "name the configuration alone; comments and unused parts may go", file);
      }
      text = readFileSync(file, "utf8");
    } catch (error) {
      const code = String((error as NodeJS.ErrnoException).code);
      return problem(code, "name the configuration the image contains", file);
    }
    try {
      const version = pinnedVersion(settings.pins);
      const evidence = `${file} against collector ${version ?? "?"} of ${settings.pins}`;
      if (version === undefined)
        return problem("no pinned collector layer", "name the lock file with --pins", evidence);
      return judge(text, version, evidence);
    } catch (error) {
      if (error instanceof InputError)
        return problem(`${error.place}: ${error.found}`, "name the lock file with --pins", file);
      throw error;
    }
  },
};
