import type { RollbackMeasure } from "../../contract/rollback";

/** What a measure was over one period; of cold starts, one of them. */
export interface Reading {
  /** Start of the period, or when the environment started, epoch milliseconds. */
  readonly at: number;
  /** Milliseconds or percent, as the measure's unit says. */
  readonly value: number;
}

/** What was measured, periods without data left out, oldest first. */
export type Readings = Readonly<Record<RollbackMeasure, readonly Reading[]>>;

/** What was measured, and when. */
export interface Observed {
  /** End of the last period asked for, epoch milliseconds. */
  readonly until: number;
  readonly readings: Readings;
}

/** What was measured since a change; a period that began before it is of both, and so of neither. */
export function observedSince(observed: Observed, sinceMs: number): Observed {
  const after = (readings: readonly Reading[]) => readings.filter(({ at }) => at >= sinceMs);
  const { "cold-start": coldStarts, errors, memory, completeness } = observed.readings;
  return {
    until: observed.until,
    readings: {
      "cold-start": after(coldStarts),
      errors: after(errors),
      memory: after(memory),
      completeness: after(completeness),
    },
  };
}
