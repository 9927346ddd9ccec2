import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isKnown, nearestId } from "./identifiers";
import { type Gate, tagsIn } from "./tags";
import { type Citation, titlesIn } from "./titles";

/** A test that stands for a requirement. */
export interface Proof {
  readonly file: string;
  readonly title: string;
}

/** What the repository says about one id. */
export interface Evidence {
  readonly tests: readonly Proof[];
  /** Files that serve it. */
  readonly sources: readonly string[];
  /** Scripts that prove it on real AWS. */
  readonly gates: readonly string[];
  /** Programs that measure it against a peer. */
  readonly benches: readonly string[];
}

/** What was found, by id, and what is wrong with it, one text per mistake. */
export interface Survey {
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly mistakes: readonly string[];
}

const TESTS = "__tests__";
/** Tests, and the suite that puts known mistakes back. */
const TEST_FILE = /\.(?:test|mutations)\.ts$/;
/** Folders whose sources are read; those that do not exist yet are skipped. */
const SOURCES = [
  ...["contract", "policies", "modules", "functions", "containers", "browser"],
  ...["instruments", "doctor", "lab", "bench", "tooling", "main.ts", "environments.ts"],
];
/** This tool lists every id and would seem to serve them all. */
const SELF = /^tooling\/traceability\//;
const READ = /(?:\.(?:[cm]?[jt]s|ya?ml|sh|py|tf)|Dockerfile)$/;

interface Found {
  readonly tests: Proof[];
  readonly sources: Set<string>;
  readonly gates: Set<string>;
  readonly benches: Set<string>;
}

function nothingYet(): Found {
  return { tests: [], sources: new Set(), gates: new Set(), benches: new Set() };
}

function filesBelow(root: string, name: string): readonly string[] {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [name];
  return readdirSync(path)
    .filter((entry) => entry !== "node_modules" && entry !== "fixtures")
    .sort()
    .flatMap((entry) => filesBelow(root, `${name}/${entry}`));
}

function mistakeAt(file: string, { id, line }: Citation): string {
  return `${file}:${line}: ${id} is no known requirement. Nearest: ${nearestId(id)}. Correct it, or add it to tooling/traceability/catalogue/.`;
}

function missingGate(file: string, { kind, line, id, script }: Gate): string {
  return `${file}:${line}: the [${kind}] gate of ${id} is ${script}, which does not exist. Write it, or correct the path.`;
}

/**
 * Reads all tests and sources of a checkout.
 *
 * @param root directory of the checkout
 */
export function survey(root: string): Survey {
  const found = new Map<string, Found>();
  const mistakes: string[] = [];
  const entry = (id: string) => {
    const existing = found.get(id) ?? nothingYet();
    found.set(id, existing);
    return existing;
  };
  for (const file of filesBelow(root, TESTS).filter((name) => TEST_FILE.test(name))) {
    for (const citation of titlesIn(file, readFileSync(join(root, file), "utf8"))) {
      if (!isKnown(citation.id)) mistakes.push(mistakeAt(file, citation));
      else if (citation.runs) entry(citation.id).tests.push({ file, title: citation.title });
    }
  }
  const sources = SOURCES.flatMap((name) => filesBelow(root, name));
  for (const file of sources.filter((name) => READ.test(name) && !SELF.test(name))) {
    const { citations, gates } = tagsIn(file, readFileSync(join(root, file), "utf8"));
    for (const citation of citations) {
      if (isKnown(citation.id)) entry(citation.id).sources.add(file);
      else mistakes.push(mistakeAt(file, citation));
    }
    for (const gate of gates) {
      if (!isKnown(gate.id)) mistakes.push(mistakeAt(file, gate));
      else if (!existsSync(join(root, gate.script))) mistakes.push(missingGate(file, gate));
      else entry(gate.id)[gate.kind === "BENCH" ? "benches" : "gates"].add(gate.script);
    }
  }
  const evidence = [...found].map(([id, { tests, sources: served, gates, benches }]): [string, Evidence] => {
    return [
      id,
      { tests, sources: [...served].sort(), gates: [...gates].sort(), benches: [...benches].sort() },
    ];
  });
  return { evidence: new Map(evidence), mistakes };
}
