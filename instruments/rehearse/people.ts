import type { Terminal } from "../cli/terminal";
import { gathered } from "./assumptions";
import type { NotApplicable } from "./expand";
import { type AlarmReport, type Rehearsal, rowsWith } from "./rehearsal";
import type { Row } from "./row";
import { counted, duration, firstAlarm, summaryLine, unheardAlarms, unheardIn } from "./text";

/** Assumptions listed one by one; JSON has all. */
const ASSUMPTIONS = 10;

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
      const assumed = row.assumed ? ", assumed" : "";
      const who = first === undefined ? row.scenario.title : `${first.name}${others}${assumed}`;
      return [plain(row.scenario.id), when, plain(who)];
    }),
  );
}

/** Rows, each followed by what is to be said about it. */
function toldLines(rows: readonly Row[], told: (row: Row) => readonly string[]): readonly string[] {
  const lines = rowLines(rows);
  return rows.flatMap((row, i) => [lines[i] ?? "", ...told(row).map((one) => `      ${plain(one)}`)]);
}

function unheardLines(alarms: readonly AlarmReport[]): readonly string[] {
  return alarms.flatMap(({ name, address, unheard }) => [
    `  ${plain(name)} (${plain(address)})`,
    ...unheard.map(({ rule, found }) => `      ${rule}: ${plain(found)}`),
  ]);
}

function assumptionLines(alarms: readonly AlarmReport[]): readonly string[] {
  const all = gathered(alarms);
  const rest = all.length - ASSUMPTIONS;
  return [
    ...all
      .slice(0, ASSUMPTIONS)
      .map((one) => `  assumed: ${plain(one.assumed)} (${counted(one.alarms.length, "alarm")})`),
    ...(rest > 0 ? [`  and ${rest} more; --json lists them`] : []),
  ];
}

function absentLines(absent: readonly NotApplicable[], verbose: boolean): readonly string[] {
  if (verbose) return table(absent.map(({ id, why }) => [plain(id), plain(why)]));
  const counts = new Map<string, number>();
  for (const { why } of absent) counts.set(why, (counts.get(why) ?? 0) + 1);
  return [...counts].map(([why, count]) => `  ${counted(count, "scenario")}: ${why}; --verbose lists them`);
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
export function forPeople(terminal: Terminal, rehearsal: Rehearsal, verbose = false): string {
  const { alarms, tier } = rehearsal;
  const red = (text: string) => terminal.paint("red", text);
  const of = (kind: string) => alarms.filter((one) => one.verdict.kind === kind);
  return [
    terminal.paint(
      "bold",
      `${plain(rehearsal.file)}: ${rehearsal.tier} tier, ${rehearsal.lagSeconds} s ingestion lag`,
    ),
    ...section(terminal, red("Alarms that do not go from OK to ALARM and back"), alarmLines(of("cannot"))),
    ...section(terminal, red("Alarms that fire, and nobody hears"), unheardLines(unheardAlarms(rehearsal))),
    ...section(
      terminal,
      red("Faults nobody notices"),
      toldLines(rowsWith(rehearsal, "undetected"), (row) => unheardIn(rehearsal, row)),
    ),
    ...section(terminal, red("Pages on quiet days"), rowLines(rowsWith(rehearsal, "paged"))),
    ...section(terminal, "Could not evaluate", alarmLines(of("could-not-evaluate"))),
    ...section(
      terminal,
      "Undecided",
      toldLines(rowsWith(rehearsal, "undecided"), (row) => [
        ...(row.why === undefined ? [] : [row.why]),
        ...unheardIn(rehearsal, row),
      ]),
    ),
    ...section(terminal, "Assumed, as only its owner knows; tell with --knowledge", assumptionLines(alarms)),
    ...section(terminal, "Two readings of metric math disagree", disagreeing(alarms)),
    ...section(
      terminal,
      "Detection: fault, time to the first page, alarm",
      rowLines(rowsWith(rehearsal, "detected")),
    ),
    ...section(terminal, `Not promised at the ${tier} tier`, rowLines(rowsWith(rehearsal, "not-promised"))),
    ...section(terminal, "Quiet, as they should be", rowLines(rowsWith(rehearsal, "quiet"))),
    ...section(terminal, "Not applicable", absentLines(rehearsal.notApplicable, verbose)),
    ...section(terminal, "Alarms that fire: time to detect, to recover, smallest cause", firing(alarms)),
    "",
    summaryLine(rehearsal),
  ].join("\n");
}
