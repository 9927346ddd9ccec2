import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { traceabilityDocument } from "./document";
import { survey } from "./evidence";

/** Where the table is kept. */
export const DOCUMENT = "docs/traceability.md";

const HELP = `Usage: npm run trace:matrix -- [--check]

Writes ${DOCUMENT}: which test proves which requirement, from ids in test titles and in source comments.

  --check  write nothing; fail when the file is stale
  --help   this text

Exit codes: 0 done, 1 an id is unknown or the file is stale (the message says which), 2 wrong usage.
`;

/** How the command ended, and what it has to say. */
export interface Outcome {
  readonly code: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

function optionsFrom(args: readonly string[]): { check: boolean; help: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  return values;
}

function write(root: string, text: string): Outcome {
  const path = join(root, DOCUMENT);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return { code: 0, stdout: `${DOCUMENT} written\n`, stderr: "" };
}

function compare(root: string, text: string): Outcome {
  const path = join(root, DOCUMENT);
  const kept = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (kept === text) return { code: 0, stdout: `${DOCUMENT} is up to date\n`, stderr: "" };
  const found = kept === undefined ? "does not exist" : "is stale";
  return { code: 1, stdout: "", stderr: `${DOCUMENT} ${found}. Next step: npm run trace:matrix.\n` };
}

/**
 * Runs the command.
 *
 * @param args without program and script
 * @param root directory of the checkout
 */
export function run(args: readonly string[], root: string): Outcome {
  let options: { check: boolean; help: boolean };
  try {
    options = optionsFrom(args);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 2, stdout: "", stderr: `${message}\n${HELP}` };
  }
  if (options.help) return { code: 0, stdout: HELP, stderr: "" };
  const found = survey(root);
  if (found.mistakes.length > 0) return { code: 1, stdout: "", stderr: `${found.mistakes.join("\n")}\n` };
  const text = traceabilityDocument(found);
  return options.check ? compare(root, text) : write(root, text);
}
