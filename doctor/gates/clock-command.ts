import { Command } from "commander";
import * as v from "valibot";
import { EXIT, type Exit } from "../../instruments/cli/exit";
import { json as asJson } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import { complaint } from "../../instruments/knowledge-file";
import { readJson } from "../../instruments/terraform-file";
import { CLOCK_DAYS, CLOCK_GATES, type DatedVerdict, readClock } from "./clock";

const AFTER = `
Only for a system whose old logging is to be removed; a new one uses the gates alone. Every day needs a verdict of
${CLOCK_GATES.join(", ")}.

Example, over what a nightly run has kept:
  tracewright gate structure --environment prod --json > verdicts/structure-2026-11-21.json
  tracewright gate clock verdicts/*.json

Exit codes: 0 ${CLOCK_DAYS} days are full, 1 a failure has reset the clock, 2 wrong usage or unusable file, 3 not yet.`;

const VERDICT = v.looseObject({
  gate: v.string(),
  judgedAt: v.pipe(v.string(), v.isoTimestamp("an ISO 8601 time with a zone")),
  verdict: v.picklist(["passed", "failed", "undecided"], "passed, failed or undecided"),
});

const NEXT_STEP = "give files that tracewright gate … --json wrote";

function read(file: string): DatedVerdict {
  const parsed = v.safeParse(VERDICT, readJson(file, "a gate's verdict as JSON", NEXT_STEP));
  if (!parsed.success) throw complaint(file, parsed.issues[0], NEXT_STEP);
  const { gate, judgedAt, verdict } = parsed.output;
  return { gate, verdict, day: new Date(judgedAt).toISOString().slice(0, "YYYY-MM-DD".length) };
}

function gateClock(terminal: Terminal, files: readonly string[], json: boolean): Exit {
  const { days, stoppedBy } = readClock(files.map(read));
  const full = days >= CLOCK_DAYS;
  if (json) terminal.out(asJson({ gate: "clock", days, wanted: CLOCK_DAYS, stoppedBy }));
  else {
    const count = `${days} of ${CLOCK_DAYS} days in a row`;
    terminal.out(
      `${terminal.paint(full ? "green" : "yellow", count)}${stoppedBy === "" ? "" : `; ${stoppedBy}`}`,
    );
  }
  return full ? EXIT.fine : stoppedBy.includes("failed") ? EXIT.findings : EXIT.undecided;
}

/** The command `tracewright gate clock`. */
export function clockCommand(terminal: Terminal): Command {
  return new Command("clock")
    .summary("count the days on which all release gates passed")
    .description(`Count the days in a row on which every release gate passed; ${CLOCK_DAYS} are wanted.`)
    .argument("<verdicts...>", "verdicts of gates, as --json prints them")
    .option("--json", "print the count as JSON")
    .addHelpText("after", AFTER)
    .action((files: readonly string[], options: { readonly json?: boolean }) => {
      process.exitCode = gateClock(terminal, files, options.json === true);
    });
}
