import { type Context, type Span, trace } from "@opentelemetry/api";
import { HEADERS } from "../../contract/headers";
import { STREAM, STREAM_EVENTS } from "../../contract/streaming";
import { flushStream } from "../runtime/streaming-tracing/flush";
import { recordSpanError } from "../runtime/streaming-tracing/span";
import { type Answer, unavailable } from "./answer";
import { configuredTickers } from "./configuration";
import { acquire, release } from "./connection";
import { Dispatcher } from "./dispatcher";
import { type EventFilter, within } from "./filter";
import type { Lease } from "./leases";
import { logger } from "./log";
import { feed } from "./poll";
import { type Position, positionOf } from "./position";
import { Refusal } from "./refusal";
import type { StreamRequest, Target } from "./request";
import { config, settings } from "./settings";
import { Stream, type StreamEnd, type StreamParts, settledStep } from "./stream";
import { StreamMetrics } from "./stream-metrics";
import { userOf } from "./user";
import { preamble } from "./wire";
import type { StreamWriter } from "./writer";

/** Milliseconds before the deadline at which a stream begins to end: metrics and lease first, then the flush. */
const END_BEFORE_MS = STREAM.flushThresholdMs + 1500;
/** Milliseconds for the last metrics and the lease. */
const LAST_CALLS_MS = 1400;
/** Milliseconds of the deadline kept back for Lambda itself. */
const MARGIN_MS = 400;

/** One invocation that is to become a stream. */
export interface StreamCall {
  readonly request: StreamRequest;
  readonly target: Exclude<Target, { kind: "status" }>;
  readonly answer: Answer;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly coldStart: boolean;
}

async function filterFor({ request, target }: StreamCall): Promise<EventFilter> {
  if (target.kind === "global") return request.filter;
  const user = await userOf(request.authorization);
  return within(request.filter, await configuredTickers(user, target.id));
}

/** Where to go on; `undefined` when a new start is wanted or the only thing possible (SSE-G3). */
async function resumeAt(lastEventId: string | undefined): Promise<Position | undefined> {
  const position = positionOf(lastEventId ?? "");
  if (position === undefined) return undefined;
  await feed.through(settledStep(Date.now()));
  return feed.reaches(position) ? position : undefined;
}

/** Parts of a call that must be ended whatever happens. */
interface Opened {
  lease?: Lease;
  writer?: StreamWriter;
  dispatcher?: Dispatcher;
  stream?: Stream;
}

/** Serves one stream inside its span: admits it, runs it, and ends it in order. Never rejects. */
export async function serve(call: StreamCall, span: Span, inside: Context): Promise<void> {
  const metrics = new StreamMetrics(config);
  const opened: Opened = {};
  let end: StreamEnd | "refused" | "error";
  try {
    end = await open(call, inside, metrics, opened);
  } catch (error) {
    end = await failed(call, error, span);
  }
  if (opened.writer?.gone !== undefined) {
    end = "client_disconnected";
    span.setAttributes({
      client_disconnected: true,
      ...(opened.writer.gone === "stalled" ? { drain_timeout: true } : {}),
    });
  }
  if (end === "poll_failed") recordSpanError(span, new Error("three polls in a row failed"));
  opened.stream?.settle();
  const signal = AbortSignal.timeout(LAST_CALLS_MS);
  const { lease, writer, dispatcher } = opened;
  await Promise.all([
    lease === undefined ? undefined : release(lease, inside, signal),
    metrics.send(inside, signal),
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
  await writer.end(Math.max(MARGIN_MS, call.deadline - Date.now() - MARGIN_MS * 2));
}

async function open(
  call: StreamCall,
  inside: Context,
  metrics: StreamMetrics,
  opened: Opened,
): Promise<StreamEnd> {
  const { request, target, answer, startedAt, deadline, coldStart } = call;
  const filter = await filterFor(call);
  const longest = startedAt + settings.maxStreamMs;
  const latest = deadline - END_BEFORE_MS;
  const until =
    latest < longest ? { at: latest, why: "deadline" as const } : { at: longest, why: "max_stream" as const };
  opened.lease = await acquire(inside, until.at, metrics);
  const resume = await resumeAt(request.lastEventId);
  trace.getSpan(inside)?.setAttribute("resumed", resume !== undefined);
  opened.writer = answer.stream(
    {
      "Cache-Control": target.kind === "global" ? "no-cache" : "no-store, private",
      [HEADERS.resumeSupported]: String(request.lastEventId === undefined || resume !== undefined),
    },
    until.at,
  );
  const { writer } = opened;
  opened.dispatcher = new Dispatcher(writer, inside, metrics, coldStart);
  await writer.write(preamble(settings.retryMs));
  metrics.emit("ConnectionSetupMs", Date.now() - startedAt);
  const parts: StreamParts = {
    inside,
    writer,
    dispatcher: opened.dispatcher,
    metrics,
    filter,
    resume,
    until,
    coldStart,
    openStreams: opened.lease.count,
  };
  opened.stream = new Stream(parts);
  return opened.stream.run();
}

/** What an error makes of a call: a refusal before the stream, an `error` event in it (D20). */
async function failed(call: StreamCall, error: unknown, span: Span): Promise<"refused" | "error"> {
  if (call.answer.begun) {
    recordSpanError(span, error);
    logger.error("stream failed", {}, error);
    return "error";
  }
  const refusal = error instanceof Refusal ? error : unavailable(error);
  span.setAttribute("http_status", refusal.status);
  if (refusal.status >= 500) recordSpanError(span, refusal.cause ?? refusal);
  logger.warn("stream refused", { status: refusal.status, detail: refusal.message }, refusal.cause);
  await call.answer.refuse(refusal);
  return "refused";
}

/** The last events, which tell the client whether and why to come back (SSE-E4, SSE-G2). */
async function farewell(
  dispatcher: Dispatcher,
  end: StreamEnd | "refused" | "error",
  deadline: number,
): Promise<void> {
  if (end === "deadline" || end === "max_stream") {
    const reason = end === "deadline" ? "timeout_imminent" : "max_stream";
    await dispatcher.tell(STREAM_EVENTS.deadline, {
      reason,
      remaining_ms: Math.max(0, deadline - Date.now()),
    });
  }
  if (end === "poll_failed" || end === "error") {
    await dispatcher.tell(STREAM_EVENTS.error, { reason: end === "error" ? "internal" : end });
  }
  await dispatcher.tell(STREAM_EVENTS.done, { reason: end });
}
