import type { Context } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../contract/spans";
import { STREAM_EVENTS, type StreamEventName } from "../../contract/streaming";
import { xrayTraceId } from "../runtime/streaming-tracing/invocation";
import { recordSpan, type StreamAttributes } from "../runtime/streaming-tracing/span";
import { connections } from "./connections";
import { payloadOf } from "./payload";
import type { Numbered } from "./poll";
import { idOf } from "./position";
import type { StreamMetrics } from "./stream-metrics";
import { frame } from "./wire";
import type { StreamWriter } from "./writer";

/** Sends a stream's events, each with a span that says how late it was. */
export class Dispatcher {
  readonly #writer: StreamWriter;
  readonly #inside: Context;
  readonly #metrics: StreamMetrics;
  readonly #coldStart: boolean;
  #sent = 0;

  /** @param inside context of the stream's own span */
  constructor(writer: StreamWriter, inside: Context, metrics: StreamMetrics, coldStart: boolean) {
    this.#writer = writer;
    this.#inside = inside;
    this.#metrics = metrics;
    this.#coldStart = coldStart;
  }

  /** Events sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends an event of the protocol, which has no origin and so no latency. @returns false when the client has gone */
  async tell(name: StreamEventName, data: Readonly<Record<string, unknown>>, id?: string): Promise<boolean> {
    return this.#send(name, data, id, this.#attributes(name));
  }

  /**
   * Sends an event of a step.
   *
   * @param live false for what happened before the client came, whose age says nothing about this function
   * @returns false when the client has gone
   */
  async dispatch(numbered: Numbered, live: boolean): Promise<boolean> {
    const { name, data, origin } = payloadOf(numbered);
    const latency = live && origin !== undefined ? Date.now() - origin : undefined;
    if (latency !== undefined) this.#metrics.emit("EventLatencyMs", Math.max(0, latency));
    const { ticker, resolution } = data as { ticker?: string; resolution?: string };
    const attributes = {
      ...this.#attributes(name),
      ...(latency === undefined ? {} : { latency_ms: latency, is_clock_skew: latency < 0 }),
      ...(ticker === undefined ? {} : { ticker }),
      ...(resolution === undefined ? {} : { resolution }),
    };
    return this.#send(name, data, idOf(numbered.position), attributes);
  }

  #attributes(name: StreamEventName) {
    return {
      event_type: name,
      is_cold_start: this.#coldStart,
      connection_count: connections.count,
    };
  }

  /** The span is written afterwards: with many events at once, those behind must not wait for it. */
  async #send(
    name: StreamEventName,
    data: Readonly<Record<string, unknown>>,
    id: string | undefined,
    attributes: StreamAttributes,
  ): Promise<boolean> {
    const startedAt = Date.now();
    const trace_id = xrayTraceId(this.#inside);
    const timestamp = new Date(startedAt).toISOString();
    const written = await this.#writer.write(frame(name, { ...data, timestamp, trace_id }, id));
    recordSpan(STREAM_SPANS.dispatch, { startedAt, endedAt: Date.now(), attributes }, this.#inside);
    if (written && name !== STREAM_EVENTS.heartbeat) this.#sent += 1;
    return written;
  }
}
