import type { Rehearsal, Row } from "./rehearsal";
import { rowsWith } from "./rehearsal";

/** Seconds as people read them: 45 s, 5 min, 1 h 20 min. */
export function duration(seconds: number): string {
  if (seconds < 0) return `-${duration(-seconds)}`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** A count with its noun. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The alarm that pages first in a row, and how many others follow. */
export function firstAlarm(row: Row): { readonly name: string; readonly others: number } | undefined {
  const first = [...row.pages].find(([, seconds]) => seconds === row.firstPage);
  return first === undefined ? undefined : { name: first[0], others: row.pages.size - 1 };
}

/** The sums of a rehearsal. */
export interface Sums {
  readonly fire: number;
  readonly cannot: number;
  readonly unknown: number;
  readonly detected: number;
  readonly undetected: number;
  readonly notPromised: number;
  readonly undecided: number;
  readonly quiet: number;
  readonly paged: number;
  readonly notApplicable: number;
}

/** Counts what a rehearsal found. */
export function sumsOf(rehearsal: Rehearsal): Sums {
  const verdicts = (kind: string) => rehearsal.alarms.filter((one) => one.verdict.kind === kind).length;
  return {
    fire: verdicts("fires"),
    cannot: verdicts("cannot"),
    unknown: verdicts("could-not-evaluate"),
    detected: rowsWith(rehearsal, "detected").length,
    undetected: rowsWith(rehearsal, "undetected").length,
    notPromised: rowsWith(rehearsal, "not-promised").length,
    undecided: rowsWith(rehearsal, "undecided").length,
    quiet: rowsWith(rehearsal, "quiet").length,
    paged: rowsWith(rehearsal, "paged").length,
    notApplicable: rehearsal.notApplicable.length,
  };
}

/** One sentence with every sum. */
export function summaryLine(rehearsal: Rehearsal): string {
  const sums = sumsOf(rehearsal);
  return [
    `${sums.fire} of ${counted(rehearsal.alarms.length, "alarm")} can fire, ${sums.cannot} cannot, ${sums.unknown} could not be evaluated`,
    `${sums.detected} of ${counted(sums.detected + sums.undetected + sums.undecided, "promised fault")} detected, ${sums.notPromised} not promised at this tier`,
    `${sums.paged} of ${counted(sums.paged + sums.quiet, "quiet day")} paged`,
    `${sums.undecided} undecided, ${sums.notApplicable} not applicable.`,
  ].join("; ");
}
