import { type Context, createContextKey, type Span } from "@opentelemetry/api";

/**
 * Spans one stream may have. At about a kilobyte each they fit the 500 KB X-Ray takes of a trace at best; of one that
 * grows slowly it promises to take 100 KB only (R-08, VERIFY 2).
 */
export const SPAN_BUDGET = 500;

const KEY = createContextKey("tracewright stream trace");

/** The spans of one invocation, until its flush. */
export class StreamTrace {
  readonly #open = new Set<Span>();
  readonly #budget: number;
  #started = 0;
  #suppressed = 0;
  #flushed = false;

  /** @param budget spans at most; those marked essential are not refused */
  constructor(budget: number = SPAN_BUDGET) {
    this.#budget = budget;
  }

  /** True from the start of the flush on: no span may start or end any more (SSE-E5). */
  get flushed(): boolean {
    return this.#flushed;
  }

  /** Spans that were left out because the budget was used up. */
  get suppressed(): number {
    return this.#suppressed;
  }

  /** Takes one span from the budget; `false` when it must not be started. */
  admit(essential: boolean): boolean {
    if (this.#flushed) return false;
    if (!essential && this.#started >= this.#budget) {
      this.#suppressed += 1;
      return false;
    }
    this.#started += 1;
    return true;
  }

  /** Notes a span as open. */
  opened(span: Span): void {
    this.#open.add(span);
  }

  /** Ends a span, unless the flush has ended it already. */
  close(span: Span): void {
    if (this.#open.delete(span)) span.end();
  }

  /** Ends what is open, the innermost first, and lets nothing more start. */
  seal(): void {
    this.#flushed = true;
    for (const span of [...this.#open].reverse()) this.close(span);
  }
}

/** The stream trace a context belongs to. */
export function streamTraceOf(parent: Context): StreamTrace | undefined {
  return parent.getValue(KEY) as StreamTrace | undefined;
}

/** A context that belongs to a stream trace. */
export function withStreamTrace(parent: Context, stream: StreamTrace): Context {
  return parent.setValue(KEY, stream);
}
