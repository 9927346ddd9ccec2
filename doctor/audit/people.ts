import type { Terminal } from "../../instruments/cli/terminal";
import type { AuditReport, Finding } from "./audit";

function findingLines(terminal: Terminal, finding: Finding): readonly string[] {
  const { name, place, line, column, found, nextStep } = finding;
  return [
    `${terminal.paint("red", name)} ${place}:${line}:${column}`,
    `    found:     ${found}`,
    `    next step: ${nextStep}`,
  ];
}

/** The report as a person reads it: what is left, what could not be read, and one line of sums. */
export function forPeople(terminal: Terminal, { findings, unread, stale, texts }: AuditReport): string {
  const open = findings.filter(({ reason }) => reason === undefined);
  return [
    ...open.flatMap((one) => findingLines(terminal, one)),
    ...unread.map(({ place, why }) => `${terminal.paint("yellow", "not read")} ${place}: ${why}`),
    ...stale.map(
      ({ name, place }) => `${terminal.paint("red", "stale")} ${name} ${place}: allows nothing, remove it`,
    ),
    `${texts} texts: ${open.length} found, ${findings.length - open.length} allowed, ${stale.length} stale, ${unread.length} not read`,
  ].join("\n");
}
