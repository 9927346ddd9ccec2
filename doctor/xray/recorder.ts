import type { SummaryPage, TracePage, TraceSource } from "./source";
import type { RawSummary } from "./summary";
import type { RawTrace } from "./trace";
import type { Window } from "./window";

/** A source that keeps what it answered, in the form {@link RecordedTraceSource} reads. */
export class TraceRecorder implements TraceSource {
  readonly name: string;
  readonly longestWindowMs: number;
  readonly tracesAtOnce: number;
  readonly #source: TraceSource;
  readonly #summaries: RawSummary[] = [];
  readonly #traces: RawTrace[] = [];

  constructor(source: TraceSource) {
    this.#source = source;
    this.name = source.name;
    this.longestWindowMs = source.longestWindowMs;
    this.tracesAtOnce = source.tracesAtOnce;
  }

  /** What was answered so far; JSON of it is a recording. */
  get recording(): { readonly TraceSummaries: readonly RawSummary[]; readonly Traces: readonly RawTrace[] } {
    return { TraceSummaries: this.#summaries, Traces: this.#traces };
  }

  async summaryPage(
    window: Window,
    filter: string | undefined,
    next: string | undefined,
  ): Promise<SummaryPage> {
    const page = await this.#source.summaryPage(window, filter, next);
    this.#summaries.push(...page.summaries);
    return page;
  }

  async tracePage(ids: readonly string[], next: string | undefined): Promise<TracePage> {
    const page = await this.#source.tracePage(ids, next);
    this.#traces.push(...page.traces);
    return page;
  }

  async pause(ms: number): Promise<void> {
    await this.#source.pause(ms);
  }

  close(): void {
    this.#source.close();
  }
}
