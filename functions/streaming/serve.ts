import type { Context, Span } from "@opentelemetry/api";
import { STREAM_EVENTS } from "../../contract/streaming";
import { flushStream } from "../runtime/streaming-tracing/flush";
import { recordSpanError } from "../runtime/streaming-tracing/span";
import { admit, type Opened, type StreamCall } from "./admission";
import { unavailable } from "./answer";
import { release } from "./connection";
import type { Dispatcher } from "./dispatcher";
import { logger } from "./log";
import { Refusal } from "./refusal";
import { config } from "./settings";
import type { StreamEnd } from "./stream";
import { StreamMetrics } from "./stream-metrics";

/** Milliseconds for the last metrics and the lease. */
const LAST_CALLS_MS = 900;
/** Milliseconds of the deadline kept back for Lambda itself (SSE-E4). */
const MARGIN_MS = 400;

/** How a call ended: as a stream, refused for a reason of the client's or of ours, or broken. */
type End = StreamEnd | "refused" | "unavailable" | "error";

/** Serves one stream inside its span: admits it, runs it, and ends it in order. Never rejects. */
export async function serve(call: StreamCall, span: Span, inside: Context): Promise<void> {
  const metrics = new StreamMetrics(config);
  const opened: Opened = {};
  let end: End;
  try {
    const stream = await admit(call, inside, metrics, opened);
    end = await stream.run();
  } catch (error) {
    end = await failed(call, error, span);
  }
  const { lease, writer, dispatcher, steady, stream } = opened;
  if (writer?.gone !== undefined) {
    end = "client_disconnected";
    span.setAttributes({
      client_disconnected: true,
      ...(writer.gone === "stalled" ? { drain_timeout: true } : {}),
    });
  }
  if (end === "poll_failed") recordSpanError(span, new Error("three polls in a row failed"));
  steady?.settle();
  const signal = AbortSignal.timeout(LAST_CALLS_MS);
  await Promise.all([
    lease === undefined ? undefined : release(lease, stream?.openStreams ?? lease.count, inside, signal),
    // What strangers ask for in vain must cost nothing.
    end === "refused" ? undefined : metrics.send(inside, signal),
  ]);
  span.setAttribute("flush_reason", end);
  const report = await flushStream(inside, end);
  logger.info("stream ended", {
    reason: end,
    duration_ms: Date.now() - call.startedAt,
    events: dispatcher?.sent ?? 0,
    spans_created: report.counts?.created,
    spans_exported: report.counts?.exported,
  });
  if (writer === undefined || dispatcher === undefined) return;
  await farewell(dispatcher, end, call.deadline);
  await writer.end(Math.max(0, call.deadline - Date.now() - MARGIN_MS));
}

/** What an error makes of a call: a refusal before the stream, an `error` event in it (D20). */
async function failed(call: StreamCall, error: unknown, span: Span): Promise<End> {
  if (call.answer.begun) {
    recordSpanError(span, error);
    logger.error("stream failed", {}, error);
    return "error";
  }
  const refusal = error instanceof Refusal ? error : unavailable(error);
  const { status, message, cause } = refusal;
  span.setAttribute("http_status", status);
  logger.warn("stream refused", { status, detail: message }, cause);
  await call.answer.refuse(refusal);
  if (status < 500) return "refused";
  recordSpanError(span, cause ?? refusal);
  return "unavailable";
}

/** The last events, which tell the client whether and why to come back (SSE-E4, SSE-G2). */
async function farewell(dispatcher: Dispatcher, end: End, deadline: number): Promise<void> {
  if (end === "deadline" || end === "max_stream") {
    const reason = end === "deadline" ? "timeout_imminent" : "max_stream";
    const remaining_ms = Math.max(0, deadline - Date.now());
    await dispatcher.tell(STREAM_EVENTS.deadline, { reason, remaining_ms });
  }
  if (end === "poll_failed" || end === "error") {
    await dispatcher.tell(STREAM_EVENTS.error, { reason: end === "error" ? "internal" : end });
  }
  await dispatcher.tell(STREAM_EVENTS.done, { reason: end });
}
