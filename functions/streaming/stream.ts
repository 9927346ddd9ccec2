import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "@opentelemetry/api";
import { STREAM, STREAM_EVENTS } from "../../contract/streaming";
import { SteadyPolls } from "../runtime/streaming-tracing/steady-polls";
import { connections } from "./connections";
import type { Dispatcher } from "./dispatcher";
import type { EventFilter } from "./filter";
import { openStreams } from "./leases";
import { logger } from "./log";
import { feed, poll } from "./poll";
import { idOf, type Position, stepBefore } from "./position";
import { settings } from "./settings";
import type { StreamMetrics } from "./stream-metrics";
import type { StreamWriter } from "./writer";

/** Why a stream ended. */
export type StreamEnd = "deadline" | "max_stream" | "client_disconnected" | "poll_failed";

/** What a stream is made of. */
export interface StreamParts {
  /** Context of the stream's own span. */
  readonly inside: Context;
  readonly writer: StreamWriter;
  readonly dispatcher: Dispatcher;
  readonly metrics: StreamMetrics;
  readonly filter: EventFilter;
  /** Where to go on; `undefined` for a new start. */
  readonly resume: Position | undefined;
  /** When the stream must begin to end, milliseconds since 1970, and why. */
  readonly until: { readonly at: number; readonly why: "deadline" | "max_stream" };
  readonly coldStart: boolean;
  /** Open streams of all environments when this one began. */
  readonly openStreams: number;
}

/** Polls in a row that may fail. */
const FAILURES_ALLOWED = 2;
/** Milliseconds between two batches of metrics. */
const METRICS_INTERVAL_MS = 60_000;
const METRICS_TIMEOUT_MS = 2000;

/** The last step that can be read at an instant, both in milliseconds since 1970. */
export function settledStep(now: number): number {
  return stepBefore(now - STREAM.settleMs, settings.pollIntervalMs);
}

/** One stream from its first heartbeat to the moment it has to end. */
export class Stream {
  readonly #parts: StreamParts;
  readonly #steady: SteadyPolls;
  readonly #startedAt = Date.now();
  #position: Position;
  #snapshotDue: boolean;
  #failures = 0;
  #openStreams: number;
  #heartbeatAt = 0;
  #metricsAt = this.#startedAt + METRICS_INTERVAL_MS;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#steady = new SteadyPolls(parts.inside);
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
      if (now >= this.#metricsAt) {
        this.#metricsAt = now + METRICS_INTERVAL_MS;
        const patience = Math.min(METRICS_TIMEOUT_MS, until.at - now);
        await this.#parts.metrics.send(this.#parts.inside, AbortSignal.timeout(patience));
      }
      await this.#wait(Math.min(pollAt, this.#heartbeatAt, this.#metricsAt, until.at));
    }
  }

  /** Puts what is not on record yet on record; before the flush. */
  settle(): void {
    this.#steady.settle();
  }

  async #wait(until: number): Promise<void> {
    const duration = until - Date.now();
    // Aborted when the client goes, so that no timer outlives the stream.
    if (duration > 0)
      await sleep(duration, undefined, { signal: this.#parts.writer.left }).catch(() => undefined);
  }

  /** What `work` comes to, or `undefined` when the stream must end first: no call may take its last seconds. */
  async #inTime<T>(work: Promise<T>): Promise<T | undefined> {
    const clock = new AbortController();
    const over = sleep(Math.max(0, this.#parts.until.at - Date.now()), undefined, { signal: clock.signal });
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
      this.#openStreams = (await this.#inTime(openStreams())) ?? this.#openStreams;
    } catch (error) {
      logger.warn("open streams not counted", {}, error);
    }
  }

  async #poll(target: number): Promise<void> {
    const { filter, inside, metrics, coldStart, dispatcher, until } = this.#parts;
    try {
      const scope = { inside, steady: this.#steady, metrics, coldStart };
      const numbered = await this.#inTime(poll(target, this.#position, filter, scope));
      if (numbered === undefined) return;
      this.#failures = 0;
      await this.#snapshot();
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

  /** The counts a new stream begins with; no step's event, so it takes no number. */
  async #snapshot(): Promise<void> {
    const { counts } = feed;
    if (!this.#snapshotDue || counts === undefined) return;
    this.#snapshotDue = false;
    await this.#parts.dispatcher.tell(STREAM_EVENTS.metrics, { ...counts }, idOf(this.#position));
  }
}
