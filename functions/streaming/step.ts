import type { Resolution } from "../../contract/tables";
import type { Sentiment } from "../runtime/sentiment";

/** Counts over all articles of the window, as of the end of a step. */
export interface Counts {
  readonly total: number;
  readonly positive: number;
  readonly neutral: number;
  readonly negative: number;
  /** Articles per ticker, most first. */
  readonly by_tag: Readonly<Record<string, number>>;
  readonly rate_last_hour: number;
  readonly rate_last_24h: number;
}

/** Something that happened in a step; streams decide whether it is theirs. */
export type StepEvent =
  | { readonly kind: "metrics"; readonly counts: Counts }
  | {
      readonly kind: "sentiment";
      readonly ticker: string;
      /** Mean score, −1 to 1. */
      readonly score: number;
      readonly label: Sentiment;
      readonly count: number;
      /** When the newest article was analyzed, milliseconds since 1970. */
      readonly origin: number;
    }
  | {
      readonly kind: "bucket";
      readonly ticker: string;
      readonly resolution: Resolution;
      /** Start of the bucket, milliseconds since 1970. */
      readonly start: number;
      /** When the newest article was analyzed, milliseconds since 1970. */
      readonly origin: number;
    };

/** An interval of the stream and everything that happened in it. */
export interface Step {
  /** Its end, milliseconds since 1970. */
  readonly end: number;
  /** As of its end, or of the last step before it in which articles came or expired. */
  readonly counts: Counts;
  /** In the order of their numbers. */
  readonly events: readonly StepEvent[];
}
