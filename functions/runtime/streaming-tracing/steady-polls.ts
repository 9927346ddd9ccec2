import { type Context, SpanKind } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../../contract/spans";
import { recordSpan, type StreamAttributes } from "./span";

/** Polls without a change that share one span. */
const POLLS_PER_SUMMARY = 60;

/** A poll that changed nothing. */
export interface SteadyPoll {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  readonly itemCount: number;
  /** Milliseconds spent in DynamoDB. */
  readonly durationMs: number;
  /** Whether another stream had polled already. */
  readonly cacheHit: boolean;
}

/** Polls that changed nothing, gathered into one span instead of one each, so that a long stream fits a trace. */
export class SteadyPolls {
  readonly #parent: Context;
  readonly #call: StreamAttributes;
  #polls: SteadyPoll[] = [];

  /**
   * @param parent context of the stream's own span
   * @param call what a poll calls, for polls that were not answered from memory
   */
  constructor(parent: Context, call: StreamAttributes) {
    this.#parent = parent;
    this.#call = call;
  }

  /** Adds a poll. */
  add(poll: SteadyPoll): void {
    this.#polls.push(poll);
    if (this.#polls.length >= POLLS_PER_SUMMARY) this.settle();
  }

  /** Writes the span of the polls so far, if any; before a poll that changed something and before the flush. */
  settle(): void {
    const polls = this.#polls;
    const [first] = polls;
    const last = polls.at(-1);
    if (first === undefined || last === undefined) return;
    this.#polls = [];
    const cacheHit = polls.every((poll) => poll.cacheHit);
    recordSpan(
      STREAM_SPANS.poll,
      {
        kind: cacheHit ? SpanKind.INTERNAL : SpanKind.CLIENT,
        startedAt: first.startedAt,
        endedAt: last.endedAt,
        attributes: {
          ...(cacheHit ? {} : this.#call),
          poll_count: polls.length,
          changed_count: 0,
          item_count: polls.reduce((sum, poll) => sum + poll.itemCount, 0),
          poll_duration_ms: Math.max(...polls.map(({ durationMs }) => durationMs)),
          cache_hit: cacheHit,
        },
      },
      this.#parent,
    );
  }
}
