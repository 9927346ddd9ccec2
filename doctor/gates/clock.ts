import { TIMED_SERVICES } from "../../contract/trace-structure";
import type { Verdict } from "./finding";

/** Days in a row the gates must pass before an old system's logging may go (DEP-2). */
export const CLOCK_DAYS = 14;

/** The gates that must pass on each of them; `latency` for every function whose time is compared. */
export const CLOCK_GATES = ["structure", "annotations", "service-map", "latency"] as const;

/** A verdict as `--json` prints it. */
export interface DatedVerdict {
  readonly gate: string;
  /** The function, of a gate about one. */
  readonly service?: string | undefined;
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
  /** `passed` when enough days are full, `failed` when a failure has reset the clock. */
  readonly verdict: Verdict;
}

interface Flaw {
  readonly words: string;
  readonly verdict: Exclude<Verdict, "passed">;
}

const DAY_MS = 86_400_000;

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, day.length);
}

/** What must pass on a day. */
const WANTED = CLOCK_GATES.flatMap((gate): readonly Pick<DatedVerdict, "gate" | "service">[] =>
  gate === "latency" ? TIMED_SERVICES.map((service) => ({ gate, service })) : [{ gate }],
);

/** Why a day does not count. */
function flawOf(day: string, verdicts: readonly DatedVerdict[]): Flaw | undefined {
  const own = verdicts.filter((one) => one.day === day);
  for (const { gate, service } of WANTED) {
    const of = own
      .filter((one) => one.gate === gate && (service === undefined || one.service === service))
      .map(({ verdict }) => verdict);
    const name = service === undefined ? gate : `${gate} of ${service}`;
    if (of.includes("failed")) return { words: `${name} failed on ${day}`, verdict: "failed" };
    if (!of.includes("passed")) return { words: `${name} did not pass on ${day}`, verdict: "undecided" };
  }
  return undefined;
}

/**
 * Reads the clock: days in a row, up to today or yesterday, on which every gate passed and none failed. A failure resets
 * it, and so does a day without a verdict, for what nobody looked at is not known to be well (DEP-2).
 *
 * @param verdicts of one environment
 * @param today in UTC, `YYYY-MM-DD`
 */
export function readClock(verdicts: readonly DatedVerdict[], today: string): ClockReading {
  const known = verdicts.map(({ day }) => day).sort();
  let day = known.at(-1);
  const oldest = known[0];
  if (day === undefined || oldest === undefined) return { days: 0, stoppedBy: "", verdict: "undecided" };
  if (day !== today && day !== dayBefore(today))
    return { days: 0, stoppedBy: `the newest verdict is of ${day}`, verdict: "undecided" };
  let days = 0;
  let flaw: Flaw | undefined;
  while (day >= oldest) {
    flaw = flawOf(day, verdicts);
    if (flaw !== undefined) break;
    days += 1;
    day = dayBefore(day);
  }
  const short = flaw?.verdict ?? "undecided";
  return { days, stoppedBy: flaw?.words ?? "", verdict: days >= CLOCK_DAYS ? "passed" : short };
}
