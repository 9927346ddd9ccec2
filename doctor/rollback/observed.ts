import type { RollbackMeasure } from "../../contract/rollback";

/** What a measure was over one period. */
export interface Reading {
  /** Start of the period, epoch milliseconds. */
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
