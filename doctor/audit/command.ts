import { Command } from "commander";
import { EXIT, type Exit } from "../../instruments/cli/exit";
import type { Terminal } from "../../instruments/cli/terminal";
import { readAllowList } from "./allow-list";
import { type AuditReport, auditReport, type Finding, removedIn } from "./audit";
import { exceptionsIn } from "./exceptions";
import { forPeople } from "./people";
import { REMOVED } from "./removed";
import { type Texts, textsOfFiles, textsOfTerraform, type Unread } from "./texts";

interface Options {
  readonly plan?: string;
  readonly functions?: string;
  readonly watcher?: string;
  readonly allow?: string;
  readonly json?: boolean;
}

const AFTER = `
Example:
  tracewright audit . --plan plan.json --functions functions --watcher functions/canary --allow audit-allowed.json

audit-allowed.json lists where a name may stand, each with its reason; a place is a file, a folder ending with / or a
Terraform address and attribute:
  {"allowed": [{"name": "pctile-query", "place": "docs/history.md", "reason": "tells what was replaced"}]}

Exit codes: 0 nothing is left, 1 a name was found or an entry allows nothing, 2 wrong usage or unusable file,
3 nothing was found but something could not be read.`;

/** What exceptions are called in allow-lists. */
const EXCEPTIONS = ["guarded-tracing", "foreign-tracing", "reads-traces"];
const INSTEAD =
  "let tracing fail the function, and leave watching traces to the one function whose work it is";
const PROGRESS_MS = 2000;

/** Says every two seconds where it is. */
function* said<T>(terminal: Terminal, all: Iterable<T>): Generator<T> {
  let at = Date.now();
  let count = 0;
  for (const one of all) {
    count += 1;
    if (Date.now() - at > PROGRESS_MS) {
      terminal.progress(`${count} texts looked through`);
      at = Date.now();
    }
    yield one;
  }
}

function exceptionsBelow({ functions, watcher }: Options): readonly Finding[] {
  if (functions === undefined) return [];
  const found = exceptionsIn(textsOfFiles([functions]).texts);
  const elsewhere = found.filter(({ place }) => watcher === undefined || !place.startsWith(`${watcher}/`));
  return elsewhere.map(({ kind, place, line, words }) => ({
    name: kind,
    place,
    line,
    column: 1,
    found: words,
    nextStep: `remove it; ${INSTEAD}`,
  }));
}

function report(terminal: Terminal, paths: readonly string[], options: Options): AuditReport {
  const known = [...REMOVED.map(({ id }) => id), ...EXCEPTIONS];
  const allowed = options.allow === undefined ? [] : readAllowList(options.allow, known);
  const sources: readonly Texts[] = [
    textsOfFiles(paths),
    ...(options.plan === undefined ? [] : [textsOfTerraform(options.plan)]),
  ];
  const findings: Finding[] = [];
  const unread: Unread[] = [];
  let texts = 0;
  for (const source of sources) {
    for (const text of said(terminal, source.texts)) {
      texts += 1;
      findings.push(...removedIn(text));
    }
    unread.push(...source.unread);
  }
  findings.push(...exceptionsBelow(options));
  return auditReport(findings, unread, allowed, texts);
}

function exitOf({ findings, stale, unread }: AuditReport): Exit {
  if (stale.length > 0 || findings.some(({ reason }) => reason === undefined)) return EXIT.findings;
  return unread.length > 0 ? EXIT.undecided : EXIT.fine;
}

/** The command `tracewright audit`. */
export function auditCommand(terminal: Terminal): Command {
  return new Command("audit")
    .summary("find what is left of removed machinery")
    .description(
      "Find names of removed loggers, correlation ids and log queries in files, saved queries and dashboards.",
    )
    .argument("[paths...]", "files and folders; default: this folder, or nothing but the plan with --plan")
    .option("--plan <file>", "also terraform show -json of a plan or state, or cdk.tf.json")
    .option("--functions <folder>", "also judge whether functions below it guard tracing or trace elsewhere")
    .option("--watcher <folder>", "the one function below it whose work is to watch traces")
    .option("--allow <file>", "where names may stand, each with a reason")
    .option("--json", "print the report as JSON")
    .addHelpText("after", AFTER)
    .action((paths: readonly string[], options: Options) => {
      const here = options.plan === undefined ? ["."] : [];
      const found = report(terminal, paths.length === 0 ? here : paths, options);
      terminal.out(options.json === true ? JSON.stringify(found, undefined, 2) : forPeople(terminal, found));
      process.exitCode = exitOf(found);
    });
}
