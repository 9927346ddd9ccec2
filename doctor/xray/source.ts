import type { RawSummary } from "./summary";
import type { RawTrace } from "./trace";
import type { Window } from "./window";

/** One answer to a search. */
export interface SummaryPage {
  readonly summaries: readonly RawSummary[];
  /** Asks for the next page. */
  readonly next: string | undefined;
}

/** One answer to a request for whole traces. */
export interface TracePage {
  /** A trace may be spread over pages. */
  readonly traces: readonly RawTrace[];
  /** Traces that were not looked up and may be asked for again. */
  readonly unprocessed: readonly string[];
  readonly next: string | undefined;
}

/** Where traces come from: X-Ray, or what it answered before. */
export interface TraceSource {
  /** What messages call it. */
  readonly name: string;
  /** Longest window it searches at once, milliseconds. */
  readonly longestWindowMs: number;
  /** Most traces it gives at once. */
  readonly tracesAtOnce: number;
  /**
   * A page of summaries of traces that started in a window, newest first; a trace may come twice.
   *
   * @param filter a filter expression; all traces if it is absent
   * @throws InputError with cause and next step when it cannot answer
   */
  summaryPage(window: Window, filter: string | undefined, next: string | undefined): Promise<SummaryPage>;
  /** A page of whole traces. @param ids at most {@link tracesAtOnce}. @throws InputError as above */
  tracePage(ids: readonly string[], next: string | undefined): Promise<TracePage>;
  /** Resolves after so many milliseconds, before it is asked again for what it did not look up. */
  pause(ms: number): Promise<void>;
  /** Lets go of connections. */
  close(): void;
}
