import type { Terminal } from "../cli/terminal";
import { type AlarmReport, type Rehearsal, type Row, rowsWith } from "./rehearsal";
import { duration, firstAlarm, summaryLine } from "./text";

/** Control characters of a file must not reach a terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

/** Rows of cells, each column as wide as its widest cell; the last one is not padded. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join("  ")}`.trimEnd(),
  );
}

function section(terminal: Terminal, title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", terminal.paint("underline", title), ...lines];
}

function alarmLines(alarms: readonly AlarmReport[]): readonly string[] {
  return alarms.flatMap(({ name, address, verdict }) =>
    verdict.kind === "fires" ? [] : [`  ${plain(name)} (${plain(address)})`, `      ${plain(verdict.why)}`],
  );
}

function rowLines(rows: readonly Row[]): readonly string[] {
  return table(
    rows.map((row) => {
      const first = firstAlarm(row);
      const others = first === undefined || first.others === 0 ? "" : ` and ${first.others} more`;
      const when = row.firstPage === undefined ? "-" : duration(row.firstPage);
      const who = first === undefined ? row.scenario.title : `${first.name}${others}`;
      return [plain(row.scenario.id), when, plain(who)];
    }),
  );
}

function firing(alarms: readonly AlarmReport[]): readonly string[] {
  return table(
    alarms.flatMap(({ name, verdict }) =>
      verdict.kind !== "fires"
        ? []
        : [
            [
              plain(name),
              duration(verdict.detectSeconds),
              duration(verdict.recoverSeconds),
              plain(verdict.cause),
            ],
          ],
    ),
  );
}

function disagreeing(alarms: readonly AlarmReport[]): readonly string[] {
  return alarms.flatMap(({ name, verdict }) =>
    verdict.kind === "fires" && verdict.disagreement !== undefined
      ? [`  ${plain(name)}: ${plain(verdict.disagreement)}`]
      : [],
  );
}

/** The report as a person reads it: what is wrong first, then the matrix, every alarm, and one line of sums. */
export function forPeople(terminal: Terminal, rehearsal: Rehearsal): string {
  const { alarms, tier } = rehearsal;
  const red = (text: string) => terminal.paint("red", text);
  const of = (kind: string) => alarms.filter((one) => one.verdict.kind === kind);
  const absent = rehearsal.notApplicable.map(({ id, why }) => [plain(id), plain(why)]);
  return [
    terminal.paint(
      "bold",
      `${plain(rehearsal.file)}: ${rehearsal.tier} tier, ${rehearsal.lagSeconds} s ingestion lag`,
    ),
    ...section(terminal, red("Alarms that do not go from OK to ALARM and back"), alarmLines(of("cannot"))),
    ...section(terminal, red("Faults nobody notices"), rowLines(rowsWith(rehearsal, "undetected"))),
    ...section(terminal, red("Pages on quiet days"), rowLines(rowsWith(rehearsal, "paged"))),
    ...section(terminal, "Could not evaluate", alarmLines(of("could-not-evaluate"))),
    ...section(
      terminal,
      "Undecided: the file does not say which function writes a metric; --knowledge does",
      rowLines(rowsWith(rehearsal, "undecided")),
    ),
    ...section(terminal, "Two readings of metric math disagree", disagreeing(alarms)),
    ...section(
      terminal,
      "Detection: fault, time to the first page, alarm",
      rowLines(rowsWith(rehearsal, "detected")),
    ),
    ...section(terminal, `Not promised at the ${tier} tier`, rowLines(rowsWith(rehearsal, "not-promised"))),
    ...section(terminal, "Quiet, as they should be", rowLines(rowsWith(rehearsal, "quiet"))),
    ...section(terminal, "Not applicable", table(absent)),
    ...section(terminal, "Alarms that fire: time to detect, to recover, smallest cause", firing(alarms)),
    "",
    summaryLine(rehearsal),
  ].join("\n");
}
