import { Command } from "commander";
import { EXIT, type Exit } from "../../instruments/cli/exit";
import { json } from "../../instruments/cli/plain";
import type { Terminal } from "../../instruments/cli/terminal";
import { InputError } from "../../instruments/terraform-file";
import { matchingPieces } from "../filter/evaluate";
import { parseFilter } from "../filter/parser";
import { tracesOf } from "../xray/reading";
import { startOfId, type Trace } from "../xray/trace";
import { KEPT_MS } from "../xray/window";
import { timeText } from "./range";
import { type SourceOptions, sourceOf, using, withSource } from "./source-options";
import { waterfall } from "./waterfall";
import { waterfallText } from "./waterfall-text";

interface Options extends SourceOptions {
  readonly mark?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Pieces of one name below one parent before the rest is one row. */
const FOLD_BEYOND = 10;

const AFTER = `
Examples:
  tracewright traces show 1-6b017020-5f84c7a1e8e4c2d3b4a59687
  tracewright traces show 1-6b017020-5f84c7a1e8e4c2d3b4a59687 --mark 'fault = true OR error = true'

A bar is as long as its piece took; one that is still open, or whose end never came, is drawn to the end. Many healthy
pieces of one name become one row, unless --all is given. Faults, errors, open ends and clocks that disagree are said in
words behind the bar.

Exit codes: 0 shown, 2 wrong usage, or no such trace.`;

const ID = /^(?:Root=)?(1-[0-9a-f]{8}-[0-9a-f]{24})$/i;

/** The id in what somebody copied: bare, or a trace header's root. @throws InputError */
function idOf(text: string): string {
  const id = ID.exec(text.split(";")[0] ?? "")?.[1];
  if (id !== undefined) return id.toLowerCase();
  throw new InputError(
    "traces show",
    "no trace id",
    "1-, 8 hex digits, -, 24 hex digits",
    "copy it from traces query, a log line or the header x-amzn-trace-id",
  );
}

function missing(source: string, id: string): InputError {
  const began = startOfId(id);
  const old = began < Date.now() - KEPT_MS;
  return new InputError(
    `${source}: ${id}`,
    `no such trace; by its id it began ${timeText(began)}`,
    old
      ? "a trace of the last 30 days, which is what X-Ray keeps"
      : "a trace that was sampled and has been indexed",
    old
      ? "look in an archive with --recorded"
      : "wait a minute if it is new; check --region; its header may say Sampled=0; with Transaction Search on, X-Ray indexes only a share",
  );
}

async function traceOf(options: SourceOptions, id: string): Promise<Trace> {
  return await using(sourceOf(options), async (source) => {
    const [trace] = (await tracesOf(source, [id])).traces;
    if (trace === undefined) throw missing(source.name, id);
    return trace;
  });
}

async function show(terminal: Terminal, text: string, options: Options): Promise<Exit> {
  const id = idOf(text);
  const wanted = options.mark === undefined ? undefined : parseFilter(options.mark);
  const trace = await traceOf(options, id);
  const marked = wanted === undefined ? [] : matchingPieces(wanted, trace).map((piece) => piece.id);
  if (options.json === true) {
    const { raw: _raw, ...told } = trace;
    terminal.out(json({ ...told, marked }));
  } else {
    const rows = waterfall(trace, {
      foldBeyond: options.all === true ? Number.POSITIVE_INFINITY : FOLD_BEYOND,
    });
    terminal.out(waterfallText(terminal, trace, rows, new Set(marked)));
  }
  return EXIT.fine;
}

/** The command `tracewright traces show`. */
export function showCommand(terminal: Terminal): Command {
  const command = new Command("show")
    .description("Draw one trace as a waterfall.")
    .argument("<id>", "trace id, or a trace header that holds it")
    .option("--mark <expression>", "point at the pieces for which a filter expression holds")
    .option("--all", "a row for every piece")
    .option("--json", "print the trace as JSON");
  return withSource(command)
    .addHelpText("after", AFTER)
    .action(async (id: string, options: Options) => {
      process.exitCode = await show(terminal, id, options);
    });
}
