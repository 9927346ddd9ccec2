import { CANARY } from "../../contract/canary";
import { SERVICES } from "../../contract/services";

/** How the test traces of one run fared. */
export interface WindowEntry {
  /** Seconds since 1970. */
  readonly at: number;
  /** Traces that arrived whole. */
  readonly complete: number;
  /** Traces that either arrived whole or were lost; partial and unindexed ones are neither (CAN-2, CAN-3). */
  readonly judged: number;
}

/** Entries kept at most, were the canary started by hand again and again. */
export const WINDOW_LENGTH = 24;

/** Runs below which the share of a few traces would be told as that of an hour: those of half a window. */
const TELLING_RUNS = CANARY.windowSeconds / SERVICES.canary.trigger.everySeconds / 2;

/** Whether a window holds enough runs for its completeness to be held against the canary's health (FR-113). */
export function isTelling(window: readonly WindowEntry[]): boolean {
  return window.length >= TELLING_RUNS;
}

/**
 * The entries of the last hour with one more.
 *
 * @param now seconds since 1970; entries of the future come from another clock and are dropped
 */
export function withEntry(
  window: readonly WindowEntry[],
  entry: WindowEntry | undefined,
  now: number,
): readonly WindowEntry[] {
  return [...window, ...(entry === undefined ? [] : [entry])]
    .filter(({ at }) => at <= now && at > now - CANARY.windowSeconds)
    .slice(-WINDOW_LENGTH);
}

/** Share of a window's judged traces that arrived, 0 to 1; `undefined` when none was judged (CAN-4). */
export function completeness(window: readonly WindowEntry[]): number | undefined {
  const sum = (of: (entry: WindowEntry) => number) => window.reduce((total, entry) => total + of(entry), 0);
  const judged = sum((entry) => entry.judged);
  return judged === 0 ? undefined : sum((entry) => entry.complete) / judged;
}
