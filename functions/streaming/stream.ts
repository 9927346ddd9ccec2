import { setTimeout as sleep } from "node:timers/promises";
import { STREAM_SPANS } from "../../contract/spans";
import { STREAM, STREAM_EVENTS } from "../../contract/streaming";
import { recordSpan } from "../runtime/streaming-tracing/span";
import { connections } from "./connections";
import type { Dispatcher } from "./dispatcher";
import type { EventFilter } from "./filter";
import { openStreams } from "./leases";
import { logger } from "./log";
import { feed, poll } from "./poll";
import type { PollScope } from "./poll-record";
import { idOf, type Position, stepBefore } from "./position";
import { settings } from "./settings";
import type { StreamWriter } from "./writer";

/** Why a stream ended. */
export type StreamEnd = "deadline" | "max_stream" | "client_disconnected" | "poll_failed";

/** What a stream is made of. */
export interface StreamParts extends PollScope {
  readonly writer: StreamWriter;
  readonly dispatcher: Dispatcher;
  readonly filter: EventFilter;
  /** Where to go on; `undefined` for a new start. */
  readonly resume: Position | undefined;
  /** When the stream must begin to end, milliseconds since 1970, and why. */
  readonly until: { readonly at: number; readonly why: "deadline" | "max_stream" };
  /** Open streams of all environments when this one began. */
  readonly openStreams: number;
}

/** Polls in a row that may fail. */
const FAILURES_ALLOWED = 2;
/** Milliseconds between two batches of metrics. */
const METRICS_INTERVAL_MS = 60_000;
const METRICS_TIMEOUT_MS = 2000;
/** Milliseconds a heartbeat waits for the count of open streams; events are more urgent. */
const COUNT_TIMEOUT_MS = 1000;
/** A poll cut off by the end of its stream had failed anyhow if it took this many milliseconds. */
const SLOW_POLL_MS = 1000;

/** The last step that can be read at an instant, both in milliseconds since 1970. */
export function settledStep(now: number): number {
  return stepBefore(now - STREAM.settleMs, settings.pollIntervalMs);
}

/** One stream from its first heartbeat to the moment it has to end. */
export class Stream {
  readonly #parts: StreamParts;
  readonly #startedAt = Date.now();
  #position: Position;
  #snapshotDue: boolean;
  #failures = 0;
  #openStreams: number;
  #heartbeatAt = 0;
  #metricsAt = this.#startedAt;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#openStreams = parts.openStreams;
    const next = settledStep(this.#startedAt) + settings.pollIntervalMs;
    this.#position = parts.resume ?? { step: next, n: 0 };
    this.#snapshotDue = parts.resume === undefined && parts.filter.counts;
  }

  /** Runs until the stream has to end. Never rejects for a poll or a client. */
  async run(): Promise<StreamEnd> {
    const { writer, until } = this.#parts;
    let pollAt = 0;
    for (;;) {
      const now = Date.now();
      if (writer.gone !== undefined) return "client_disconnected";
      if (now >= until.at) return until.why;
      if (now >= this.#heartbeatAt) await this.#heartbeat(now);
      if (now >= pollAt) {
        const target = settledStep(now);
        await this.#poll(target);
        if (this.#failures > FAILURES_ALLOWED) return "poll_failed";
        pollAt = target + settings.pollIntervalMs + STREAM.settleMs;
      }
      await this.#sendMetrics();
      await this.#wait(Math.min(pollAt, this.#heartbeatAt, this.#metricsAt, until.at));
    }
  }

  /** Open streams of all environments, this one included, as last counted. */
  get openStreams(): number {
    return this.#openStreams;
  }

  async #sendMetrics(): Promise<void> {
    const { metrics, inside, until } = this.#parts;
    const now = Date.now();
    const patience = Math.min(METRICS_TIMEOUT_MS, until.at - now);
    if (now < this.#metricsAt || patience <= 0) return;
    this.#metricsAt = now + METRICS_INTERVAL_MS;
    await metrics.send(inside, AbortSignal.timeout(patience));
  }

  async #wait(until: number): Promise<void> {
    const duration = until - Date.now();
    // Aborted when the client goes, so that no timer outlives the stream.
    if (duration > 0)
      await sleep(duration, undefined, { signal: this.#parts.writer.left }).catch(() => undefined);
  }

  /**
   * What `work` comes to, or `undefined` when the stream must end first: no call may take its last seconds.
   *
   * @param patience milliseconds to wait at most
   */
  async #inTime<T>(work: Promise<T>, patience = Number.POSITIVE_INFINITY): Promise<T | undefined> {
    const clock = new AbortController();
    const left = Math.max(0, Math.min(patience, this.#parts.until.at - Date.now()));
    const over = sleep(left, undefined, { signal: clock.signal });
    try {
      return await Promise.race([work, over]);
    } finally {
      clock.abort();
      over.catch(() => undefined);
      work.catch(() => undefined);
    }
  }

  async #heartbeat(now: number): Promise<void> {
    const first = this.#heartbeatAt === 0;
    this.#heartbeatAt = now + settings.heartbeatIntervalMs;
    if (!first) await this.#count();
    await this.#parts.dispatcher.tell(
      STREAM_EVENTS.heartbeat,
      {
        connections: this.#openStreams,
        uptime_seconds: connections.uptimeSeconds,
        state_valid: connections.valid,
      },
      idOf(this.#position),
    );
  }

  async #count(): Promise<void> {
    try {
      this.#openStreams = (await this.#inTime(openStreams(), COUNT_TIMEOUT_MS)) ?? this.#openStreams;
    } catch (error) {
      logger.warn("open streams not counted", {}, error);
    }
  }

  async #poll(target: number): Promise<void> {
    const { filter, dispatcher, until } = this.#parts;
    const startedAt = Date.now();
    try {
      const numbered = await this.#inTime(poll(target, this.#position, filter, this.#parts));
      if (numbered === undefined) return this.#cutOff(startedAt);
      this.#failures = 0;
      await this.#snapshot(target);
      for (const one of numbered) {
        const sent = await dispatcher.dispatch(one, one.step.end >= this.#startedAt);
        if (!sent || Date.now() >= until.at) return;
        this.#position = one.position;
      }
      this.#position = { step: target + settings.pollIntervalMs, n: 0 };
    } catch (error) {
      this.#failures += 1;
      logger.warn("poll failed", { failures_in_a_row: this.#failures }, error);
    }
  }

  /** Puts a poll on record that was still waiting when its stream had to end. */
  #cutOff(startedAt: number): void {
    const endedAt = Date.now();
    if (endedAt - startedAt < SLOW_POLL_MS) return;
    const { inside, metrics, steady } = this.#parts;
    metrics.emit("StreamPollFailures", 1);
    steady.settle();
    const error = new Error("the stream had to end before the poll did");
    recordSpan(STREAM_SPANS.poll, { startedAt, endedAt, error }, inside);
  }

  /** The counts a new stream begins with; no step's event, so it takes no number. */
  async #snapshot(target: number): Promise<void> {
    const counts = feed.countsAt(target);
    if (!this.#snapshotDue || counts === undefined) return;
    this.#snapshotDue = false;
    await this.#parts.dispatcher.tell(STREAM_EVENTS.metrics, { ...counts }, idOf(this.#position));
  }
}
