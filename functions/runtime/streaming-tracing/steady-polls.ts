import { type Attributes, type Context, SpanKind } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../../contract/spans";
import { recordSpan } from "./span";

/** Polls without a change that share one span: five minutes at five seconds each. */
const POLLS_PER_SUMMARY = 60;

/** Polls that changed nothing, gathered into one span instead of one each, so that a long stream fits a trace. */
export class SteadyPolls {
  readonly #parent: Context;
  #count = 0;
  #startedAt = 0;
  #endedAt = 0;
  #longestMs = 0;

  /** @param parent context of the stream's own span */
  constructor(parent: Context) {
    this.#parent = parent;
  }

  /** Adds a poll; times in milliseconds since the epoch. */
  add(startedAt: number, endedAt: number): void {
    if (this.#count === 0) this.#startedAt = startedAt;
    this.#count += 1;
    this.#endedAt = endedAt;
    this.#longestMs = Math.max(this.#longestMs, endedAt - startedAt);
    if (this.#count >= POLLS_PER_SUMMARY) this.settle();
  }

  /** Writes the span of the polls so far, if any; before a poll that changed something and before the flush. */
  settle(attributes: Attributes = {}): void {
    if (this.#count === 0) return;
    const summary = { poll_count: this.#count, changed_count: 0, poll_duration_ms: this.#longestMs };
    this.#count = 0;
    this.#longestMs = 0;
    recordSpan(
      STREAM_SPANS.poll,
      {
        kind: SpanKind.CLIENT,
        startedAt: this.#startedAt,
        endedAt: this.#endedAt,
        attributes: { ...summary, ...attributes },
      },
      this.#parent,
    );
  }
}
