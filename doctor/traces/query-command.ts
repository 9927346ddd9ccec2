import { Command, InvalidArgumentError } from "commander";
import { EXIT, type Exit } from "../../instruments/cli/exit";
import { json } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import { counted } from "../../instruments/rehearse/text";
import type { Window } from "../xray/window";
import { type Found, filterOf, search, type Wishes } from "./query";
import { timeText } from "./range";
import {
  ALWAYS,
  type RangeOptions,
  rangeOptions,
  type SourceOptions,
  sourceOf,
  using,
  withRange,
  withSource,
} from "./source-options";
import { tableOf } from "./table";

type Options = SourceOptions & RangeOptions & Omit<Wishes, "expression"> & QueryOptions;

interface QueryOptions {
  readonly limit: number;
  readonly json?: boolean;
}

const SINCE = "1h";

const AFTER = `
Examples:
  tracewright traces query 'service("checkout") { fault } AND responsetime > 2' --since 2h
  tracewright traces query --service checkout --fault --slower 2 --annotation sentiment=negative

Expressions are X-Ray's; an error is pointed at before anything is sent. Keywords outside braces see the root segment
only: a call that failed further down and was handled is found by service() { fault }, which is what --fault asks for.
docs/traces.md lists keywords and operators.

Exit codes: 0 answered, even if nothing was found; 2 wrong usage, a wrong expression, or X-Ray did not answer.`;

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new InvalidArgumentError("expected a whole number from 1 to 10000.");
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError("expected seconds, such as 2.5.");
}

function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function rangeText(range: Window): string {
  if (range === ALWAYS) return "in the recording";
  return `between ${timeText(range.fromMs)} and ${timeText(range.toMs)}`;
}

/** Why nothing was found, as far as can be told. */
function emptyText(found: Found, filter: string | undefined, range: Window, name: string): string {
  const when = rangeText(range);
  if (found.others === true)
    return `no trace ${when} matches ${filter}, though others began then: loosen the expression`;
  return `${name} has no trace ${when}: widen --since, check --region, and let tracewright doctor look for the cause`;
}

function closingText(found: Found, filter: string | undefined, range: Window, name: string): string {
  const { summaries, more } = found;
  if (summaries.length === 0) return emptyText(found, filter, range, name);
  const rest = more ? "; there are more, which --limit or a narrower question shows" : "";
  return `${counted(summaries.length, "trace")} ${rangeText(range)}${rest}`;
}

async function query(terminal: Terminal, expression: string | undefined, options: Options): Promise<Exit> {
  const filter = filterOf({ ...options, expression });
  const range = rangeOptions(options, SINCE);
  return await using(sourceOf(options), async (source) => {
    const found = await search(source, range, filter, options.limit, (window) => {
      if (range !== ALWAYS) terminal.progress(`searching ${source.name} ${rangeText(window)}`);
    });
    const { summaries, more } = found;
    if (options.json === true) {
      const [from, to] = [range.fromMs, range.toMs].map((ms) => (Number.isFinite(ms) ? timeText(ms) : null));
      terminal.out(json({ filter: filter ?? null, from, to, more, traces: summaries }));
    } else if (summaries.length > 0) terminal.out(tableOf(terminal, summaries));
    terminal.progress(closingText(found, filter, range, source.name));
    return EXIT.fine;
  });
}

/** The command `tracewright traces query`. */
export function queryCommand(terminal: Terminal): Command {
  const command = new Command("query")
    .description("Search for traces with a filter expression, or with one built from options.")
    .argument("[expression]", "a filter expression of X-Ray")
    .option("--service <name>", "traces that went through a node of the trace map")
    .option("--fault", "traces with a fault anywhere, or at the node of --service")
    .option("--slower <seconds>", "traces whose answer took at least so long", seconds)
    .option("--annotation <key=value>", "traces with an annotation; may be given again", oneMore)
    .option("--limit <count>", "most traces to show, the newest", whole, 50)
    .option("--json", "print the answer as JSON");
  return withSource(withRange(command, SINCE))
    .addHelpText("after", AFTER)
    .action(async (expression: string | undefined, options: Options) => {
      process.exitCode = await query(terminal, expression, options);
    });
}
