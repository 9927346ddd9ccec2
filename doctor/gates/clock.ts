import type { Verdict } from "./finding";

/** Days in a row the gates must pass before an old system's logging may go (DEP-2). */
export const CLOCK_DAYS = 14;

/** The gates that must pass on each of them. */
export const CLOCK_GATES = ["structure", "annotations", "service-map", "latency"] as const;

/** A verdict as `--json` prints it. */
export interface DatedVerdict {
  readonly gate: string;
  /** Day in UTC, `YYYY-MM-DD`. */
  readonly day: string;
  readonly verdict: Verdict;
}

/** How far the clock has come. */
export interface ClockReading {
  /** Days in a row, up to and including the newest. */
  readonly days: number;
  /** Why it goes no further back; empty when nothing older is known. */
  readonly stoppedBy: string;
}

const DAY_MS = 86_400_000;

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, day.length);
}

/** Why a day does not count; empty when it does. */
function flawOf(day: string, verdicts: readonly DatedVerdict[]): string {
  const own = verdicts.filter((one) => one.day === day);
  for (const gate of CLOCK_GATES) {
    const of = own.filter((one) => one.gate === gate).map(({ verdict }) => verdict);
    if (of.includes("failed")) return `${gate} failed on ${day}`;
    if (!of.includes("passed")) return `${gate} did not pass on ${day}`;
  }
  return "";
}

/**
 * Reads the clock: days in a row on which every gate passed and none failed. A failure resets it, and so does a day
 * without a verdict, for what nobody looked at is not known to be well (DEP-2).
 */
export function readClock(verdicts: readonly DatedVerdict[]): ClockReading {
  const known = verdicts.map(({ day }) => day).sort();
  let day = known.at(-1);
  const oldest = known[0];
  let days = 0;
  while (day !== undefined && oldest !== undefined && day >= oldest) {
    const flaw = flawOf(day, verdicts);
    if (flaw !== "") return { days, stoppedBy: flaw };
    days += 1;
    day = dayBefore(day);
  }
  return { days, stoppedBy: "" };
}
