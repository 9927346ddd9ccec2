import { plain } from "../../instruments/cli/plain";
import type { Style, Terminal } from "../../instruments/cli/terminal";
import { counted } from "../../instruments/rehearse/text";
import type { Segment } from "../xray/segment";
import { everyPiece, spanOf, type Trace } from "../xray/trace";
import { cell, cut, lasting } from "./plain";
import { timeText } from "./range";
import type { Remark, Row } from "./waterfall";

const DURATION = 12;
const NARROWEST_BAR = 10;
const NAME_SHARE = 0.42;
/** Rows shown at most; a terminal with more helps nobody. */
export const MOST_ROWS = 1000;

const WORST: Readonly<Record<Remark, Style>> = {
  fault: "red",
  error: "yellow",
  throttle: "yellow",
  "in progress": "cyan",
  "no end": "yellow",
  clock: "yellow",
  "parent missing": "yellow",
};

function nameOf({ piece, depth, count }: Row): string {
  const operation = piece.aws["operation"];
  const what = typeof operation === "string" ? `${piece.name} ${operation}` : piece.name;
  const label = count > 1 ? `… ${count} more ${what}` : what;
  return `${"  ".repeat(depth)}${label}${piece.inferred ? " (inferred)" : ""}`;
}

function bar({ afterS, lastsS, count }: Row, wholeS: number, columns: number): string {
  const scale = wholeS > 0 ? columns / wholeS : 0;
  const start = Math.min(columns - 1, Math.max(0, Math.floor(afterS * scale)));
  // What has no end reaches to the end of what is known.
  const length = lastsS === undefined ? columns - start : Math.max(1, Math.round(lastsS * scale));
  const mark = lastsS === undefined ? "░" : count > 1 ? "▒" : "█";
  return cell(" ".repeat(start) + mark.repeat(Math.min(length, columns - start)), columns);
}

/** Exceptions of a piece, and what is odd about its time, on lines of their own. */
function explanations({ piece, remarks, depth }: Row, width: number): readonly string[] {
  const lead = `${"  ".repeat(depth)}  ↳ `;
  const told = piece.exceptions.map(({ type, message }) => `${type}: ${message}`);
  if (remarks.includes("clock"))
    told.push("begins before its caller, or ends before it began: two clocks disagree");
  return told.map((text) => cut(`${lead}${text}`, width));
}

function notices(trace: Trace, pieces: readonly Segment[]): readonly string[] {
  const open = pieces.filter(({ endS }) => endS === undefined).length;
  return [
    ...(open > 0 ? [`partial: ${counted(open, "piece")} without end; what is missing may still arrive`] : []),
    ...(trace.limitExceeded ? ["X-Ray dropped documents: the trace outgrew its limit"] : []),
    ...trace.malformed.map(({ segmentId, problem }) => `document ${segmentId} cannot be read: ${problem}`),
    ...(pieces.length === 0 ? ["no document of it can be read"] : []),
  ].map(plain);
}

/**
 * A trace as a person reads it: a bar for each piece, in the width of the terminal.
 *
 * @param marked pieces to point at
 */
export function waterfallText(
  terminal: Terminal,
  trace: Trace,
  rows: readonly Row[],
  marked: ReadonlySet<string>,
): string {
  const pieces = [...everyPiece(trace)];
  const span = spanOf(trace) ?? { startS: 0, lastsS: 0 };
  const shown = rows.slice(0, MOST_ROWS);
  const remarkColumns = Math.max(1, ...shown.map(({ remarks }) => remarks.join(", ").length));
  const nameColumns = Math.floor(terminal.width * NAME_SHARE);
  const barColumns = Math.max(NARROWEST_BAR, terminal.width - nameColumns - DURATION - remarkColumns - 5);
  const lines = shown.flatMap((row) => {
    const [worst] = row.remarks;
    const style = worst === undefined ? "reset" : WORST[worst];
    const line = [
      marked.has(row.piece.id) ? "►" : " ",
      cell(nameOf(row), nameColumns),
      terminal.paint(style, bar(row, span.lastsS, barColumns)),
      lasting(row.lastsS).padStart(DURATION),
      terminal.paint(style, row.remarks.join(", ")),
    ];
    return [line.join(" ").trimEnd(), ...explanations(row, terminal.width)];
  });
  const hidden = rows.length - shown.length;
  return [
    terminal.paint("bold", `Trace ${plain(trace.id)}`),
    `${timeText(span.startS * 1000)}, ${lasting(trace.durationS ?? span.lastsS)}, ${counted(trace.segments.length, "segment")}, ${counted(pieces.length, "piece")}, ${counted(pieces.filter(({ fault }) => fault).length, "fault")}`,
    ...notices(trace, pieces).map((notice) => terminal.paint("yellow", notice)),
    "",
    ...lines,
    ...(hidden > 0 ? [`… ${counted(hidden, "more row")}; --json has all`] : []),
  ].join("\n");
}
