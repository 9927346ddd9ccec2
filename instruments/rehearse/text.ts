import { gathered } from "./assumptions";
import { type AlarmReport, type Rehearsal, rowsWith } from "./rehearsal";
import type { Row } from "./row";

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

/** Alarms named one by one beside a fault nobody notices. */
const NAMED = 3;

/** Alarms that can fire, and whose actions reach nobody. */
export function unheardAlarms(rehearsal: Rehearsal): readonly AlarmReport[] {
  return rehearsal.alarms.filter((one) => one.verdict.kind === "fires" && one.unheard.length > 0);
}

/** What fires unheard in a scenario that nobody notices, alarm by alarm. */
export function unheardIn(rehearsal: Rehearsal, row: Row): readonly string[] {
  if (row.result !== "undetected" && row.result !== "undecided") return [];
  const all = [...row.unheard].sort(([, a], [, b]) => a - b);
  const lines = all.slice(0, NAMED).map(([name, seconds]) => {
    const broken = rehearsal.alarms.find((one) => one.name === name)?.unheard ?? [];
    const rules = [...new Set(broken.map((one) => one.rule))].join(", ");
    return `${name} fires after ${duration(seconds)}, and nobody hears it: ${rules || "it has no action of its own"}`;
  });
  const rest = all.length - lines.length;
  return rest > 0 ? [...lines, `${rest} more fire unheard`] : lines;
}

/** The sums of a rehearsal. */
export interface Sums {
  readonly fire: number;
  readonly cannot: number;
  readonly unknown: number;
  /** Alarms that fire and are heard by nobody. */
  readonly unheard: number;
  readonly detected: number;
  readonly undetected: number;
  readonly notPromised: number;
  readonly undecided: number;
  /** Faults that are promised to be detected. */
  readonly faults: number;
  /** Days on which nobody may be woken. */
  readonly quietDays: number;
  readonly quiet: number;
  readonly paged: number;
  readonly notApplicable: number;
  /** Things taken for granted. */
  readonly assumed: number;
}

/** Counts what a rehearsal found. */
export function sumsOf(rehearsal: Rehearsal): Sums {
  const verdicts = (kind: string) => rehearsal.alarms.filter((one) => one.verdict.kind === kind).length;
  return {
    fire: verdicts("fires"),
    cannot: verdicts("cannot"),
    unknown: verdicts("could-not-evaluate"),
    unheard: unheardAlarms(rehearsal).length,
    detected: rowsWith(rehearsal, "detected").length,
    undetected: rowsWith(rehearsal, "undetected").length,
    notPromised: rowsWith(rehearsal, "not-promised").length,
    undecided: rowsWith(rehearsal, "undecided").length,
    faults: rowsWith(rehearsal, "detected", "undetected", "undecided").filter(
      (one) => one.scenario.kind === "fault",
    ).length,
    quietDays: rehearsal.rows.filter((one) => one.scenario.kind === "quiet").length,
    quiet: rowsWith(rehearsal, "quiet").length,
    paged: rowsWith(rehearsal, "paged").length,
    notApplicable: rehearsal.notApplicable.length,
    assumed: gathered(rehearsal.alarms).length,
  };
}

/** One sentence with every sum. */
export function summaryLine(rehearsal: Rehearsal): string {
  const sums = sumsOf(rehearsal);
  const unheard = sums.unheard > 0 ? [`${counted(sums.unheard, "alarm")} heard by nobody`] : [];
  const assumed = sums.assumed > 0 ? [`${counted(sums.assumed, "thing")} assumed`] : [];
  return [
    `${sums.fire} of ${counted(rehearsal.alarms.length, "alarm")} can fire, ${sums.cannot} cannot, ${sums.unknown} could not be evaluated`,
    `${sums.detected} of ${counted(sums.faults, "promised fault")} detected, ${sums.notPromised} not promised at this tier`,
    `${sums.paged} of ${counted(sums.quietDays, "quiet day")} paged`,
    ...unheard,
    ...assumed,
    `${sums.undecided} undecided, ${sums.notApplicable} not applicable.`,
  ].join("; ");
}
