import { Command } from "commander";
import * as v from "valibot";
import { TIMED_SERVICES } from "../../contract/trace-structure";
import type { Exit } from "../../instruments/cli/exit";
import { json as asJson, plain } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import { complaint } from "../../instruments/knowledge-file";
import { InputError, readJson } from "../../instruments/terraform-file";
import { CLOCK_DAYS, CLOCK_GATES, type DatedVerdict, readClock } from "./clock";
import { exitOf } from "./finding";

const AFTER = `
Only for a system whose old logging is to be removed; a new one uses the gates alone. Every day needs a verdict of
${CLOCK_GATES.join(", ")} for one environment, latency of ${TIMED_SERVICES.join(", ")};
the newest must be of today or yesterday, in UTC.

Example, over what a nightly run has kept:
  tracewright gate structure --environment prod --json > verdicts/structure-2026-11-21.json
  tracewright gate clock verdicts/*.json

Exit codes: 0 ${CLOCK_DAYS} days are full, 1 a failure has reset the clock, 2 wrong usage or unusable file, 3 not yet.`;

const VERDICT = v.looseObject({
  gate: v.string(),
  environment: v.optional(v.string()),
  service: v.optional(v.string()),
  judgedAt: v.pipe(v.string(), v.isoTimestamp("an ISO 8601 time with a zone")),
  verdict: v.picklist(["passed", "failed", "undecided"], "passed, failed or undecided"),
});

const NEXT_STEP = "give files that tracewright gate … --json wrote";

function dayOf(time: Date): string {
  return time.toISOString().slice(0, "YYYY-MM-DD".length);
}

/** A verdict of one of the gates, and the environment it is of; nothing for the other gates. */
function read(file: string): readonly (DatedVerdict & { readonly environment: string })[] {
  const parsed = v.safeParse(VERDICT, readJson(file, "a gate's verdict as JSON", NEXT_STEP));
  if (!parsed.success) throw complaint(file, parsed.issues[0], NEXT_STEP);
  const { gate, environment, service, judgedAt, verdict } = parsed.output;
  if (!CLOCK_GATES.some((one) => one === gate)) return [];
  if (environment === undefined)
    throw new InputError(`${file}: environment`, "nothing", "the environment that was judged", NEXT_STEP);
  return [{ gate, environment, service, verdict, day: dayOf(new Date(judgedAt)) }];
}

function gateClock(terminal: Terminal, files: readonly string[], json: boolean): Exit {
  const verdicts = files.flatMap(read);
  const environments = [...new Set(verdicts.map(({ environment }) => environment))];
  if (environments.length > 1)
    throw new InputError(
      "gate clock",
      `verdicts of ${environments.sort().join(", ")}`,
      "those of one environment",
      "give each environment's verdicts on their own",
    );
  const [environment] = environments;
  const now = new Date();
  const { days, stoppedBy, verdict } = readClock(verdicts, dayOf(now));
  if (json) {
    const judgedAt = now.toISOString();
    terminal.out(
      asJson({ gate: "clock", environment, judgedAt, verdict, days, wanted: CLOCK_DAYS, stoppedBy }),
    );
  } else {
    const count = `${days} of ${CLOCK_DAYS} days in a row`;
    const why = stoppedBy === "" ? "" : `; ${plain(stoppedBy)}`;
    terminal.out(`${terminal.paint(verdict === "passed" ? "green" : "yellow", count)}${why}`);
  }
  return exitOf([{ verdict }]);
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
