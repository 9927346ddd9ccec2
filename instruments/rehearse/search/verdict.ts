import type { AlarmState } from "../../cloudwatch";

/** What a plot shows: the signal of an alarm, minute by minute or coarser, and its states. */
export interface Plot {
  /** Seconds from the left edge; same length as `values`. */
  readonly seconds: readonly number[];
  /** The signal; `undefined` where it has no data. */
  readonly values: readonly (number | undefined)[];
  readonly threshold: number | undefined;
  readonly lengthSeconds: number;
  readonly faultFrom: number;
  readonly faultTo: number;
  readonly states: readonly { readonly fromSeconds: number; readonly state: AlarmState }[];
}

/** Why an alarm cannot do its work. */
export type Reason =
  | "never-arrives"
  | "rests-in-insufficient-data"
  | "rests-in-alarm"
  | "flaps"
  | "out-of-reach"
  | "never-recovers"
  | "suppressed"
  | "nothing-raises-it";

/** Whether some series takes an alarm from OK to ALARM and back. */
export type FireVerdict =
  | {
      readonly kind: "fires";
      /** From the start of the fault to ALARM, seconds. */
      readonly detectSeconds: number;
      /** From the end of the fault back to OK, seconds; negative when it was OK before. */
      readonly recoverSeconds: number;
      readonly cause: string;
      readonly plot: Plot;
      /** Set when metric math with a missing operand dropped instead of zero gives another answer. */
      readonly disagreement?: string;
    }
  | { readonly kind: "cannot"; readonly reason: Reason; readonly why: string }
  | { readonly kind: "could-not-evaluate"; readonly why: string };
