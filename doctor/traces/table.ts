import type { Style, Terminal } from "../../instruments/cli/terminal";
import type { TraceSummary } from "../xray/summary";
import { cell, cut, lasting } from "./plain";
import { timeText } from "./range";

/** Columns of everything but the request. */
const COLUMNS = { started: 20, took: 10, state: 9, id: 35 } as const;
const GAP = "  ";
/** The request gets at least so many columns. */
const NARROWEST = 20;

/** What is wrong with a trace, worst first, in one word. */
function stateOf({ fault, error, throttle, partial }: TraceSummary): readonly [word: string, style: Style] {
  if (fault) return ["fault", "red"];
  if (throttle) return ["throttle", "yellow"];
  if (error) return ["error", "yellow"];
  return partial ? ["partial", "yellow"] : ["ok", "green"];
}

/** A request without its query, which may hold what nobody else should read. */
function requestOf({ http: { method, url, status }, entryPoint, services }: TraceSummary): string {
  const address = url?.replace(/[?#].*$/s, "");
  const asked = [method, address, status].filter((part) => part !== undefined).join(" ");
  return asked === "" ? (entryPoint?.name ?? services[0]?.name ?? "") : asked;
}

/** Summaries as a table that fits the terminal, ids last so that they can be copied whole. */
export function tableOf(terminal: Terminal, summaries: readonly TraceSummary[]): string {
  const fixed = Object.values(COLUMNS).reduce((sum, columns) => sum + columns + GAP.length, 0);
  const request = Math.max(NARROWEST, terminal.width - fixed);
  const head = [
    cell("STARTED", COLUMNS.started),
    cell("TOOK", COLUMNS.took),
    cell("STATE", COLUMNS.state),
    cell("REQUEST", request),
    "TRACE",
  ];
  const rows = summaries.map((summary) => {
    const [word, style] = stateOf(summary);
    return [
      cell(timeText(summary.startMs).replace(/\.\d+Z$/, "Z"), COLUMNS.started),
      lasting(summary.durationS).padStart(COLUMNS.took),
      terminal.paint(style, cell(word, COLUMNS.state)),
      cell(requestOf(summary), request),
      cut(summary.id, COLUMNS.id),
    ];
  });
  return [head, ...rows].map((cells) => cells.join(GAP)).join("\n");
}
