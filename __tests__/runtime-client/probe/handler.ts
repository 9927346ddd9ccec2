import { setTimeout as sleep } from "node:timers/promises";
import { SpanKind } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../../contract/spans";
import { flushStream } from "../../../functions/runtime/streaming-tracing/flush";
import { invocationContext, xrayTraceId } from "../../../functions/runtime/streaming-tracing/invocation";
import { recordSpanError, withSpan } from "../../../functions/runtime/streaming-tracing/span";
import { SteadyPolls } from "../../../functions/runtime/streaming-tracing/steady-polls";
import { vitals } from "./vitals";

/** What a probe invocation is asked to do. */
export interface ProbeEvent {
  /** Events per second. */
  readonly rate?: number;
  /** Events at most; without it the stream goes on until the flush threshold. */
  readonly events?: number;
  /** Label put on every span, to tell interleaved invocations apart. */
  readonly label?: string;
  /** Starts work that fails this many milliseconds after the stream began, whatever else happens. */
  readonly lateFailureMs?: number;
  /** Spans the invocation may have, if not the usual number. */
  readonly budget?: number;
  /** Polls without a change, five seconds apart and 20 ms long, that are put on record at once. */
  readonly steadyPolls?: number;
  /** Throws after the events. */
  readonly fail?: boolean;
}

/** Milliseconds before the deadline at which the stream is ended (SSE-E3). */
const FLUSH_THRESHOLD_MS = 3000;

interface ResponseStream extends NodeJS.WritableStream {
  readonly writableFinished: boolean;
}

interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

declare const awslambda: {
  streamifyResponse(
    handler: (event: ProbeEvent, stream: ResponseStream, context: LambdaContext) => Promise<void>,
  ): unknown;
  readonly HttpResponseStream: {
    from(stream: ResponseStream, prelude: Readonly<Record<string, unknown>>): ResponseStream;
  };
};

function sse(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Streams events with one span each, flushes before the deadline, and tells in its last events what it saw. */
export const handler = awslambda.streamifyResponse(async (event, raw, lambda) => {
  const invocation = invocationContext(event.budget);
  const stream = awslambda.HttpResponseStream.from(raw, {
    statusCode: 200,
    headers: { "content-type": "text/event-stream" },
  });
  stream.write("retry: 3000\n\n");
  const { rate = 100, events = Number.POSITIVE_INFINITY, label = "none" } = event;
  const started = Date.now();
  await withSpan(
    STREAM_SPANS.globalStream,
    { essential: true, attributes: { session_id: label } },
    invocation,
    async (span, inside) => {
      try {
        const late = withSpan(STREAM_SPANS.putMetric, { kind: SpanKind.CLIENT }, inside, async () => {
          if (event.lateFailureMs === undefined) return;
          await sleep(event.lateFailureMs);
          throw new Error("late failure");
        }).catch(() => undefined);
        if (event.lateFailureMs === undefined) await late;
        for (let sent = 0; sent < events; sent += 1) {
          if (lambda.getRemainingTimeInMillis() < FLUSH_THRESHOLD_MS) break;
          await withSpan(
            STREAM_SPANS.poll,
            { attributes: { session_id: label } },
            inside,
            async (_poll, below) => {
              await withSpan(
                STREAM_SPANS.dispatch,
                { attributes: { session_id: label } },
                below,
                async () => {
                  stream.write(sse("metrics", { trace_id: xrayTraceId(below), sent }));
                },
              );
            },
          );
          const early = started + ((sent + 1) * 1000) / rate - Date.now();
          if (early > 0) await sleep(early);
        }
        const steady = new SteadyPolls(inside, {});
        for (let poll = 0; poll < (event.steadyPolls ?? 0); poll += 1) {
          const startedAt = started + poll * 5000;
          steady.add({ startedAt, endedAt: startedAt + 20, itemCount: 0, durationMs: 20, cacheHit: false });
        }
        steady.settle();
        if (event.fail === true) throw new Error("asked to fail");
      } catch (error) {
        // Before the flush, which ends the span.
        recordSpanError(span, error);
        throw error;
      } finally {
        const atDeadline = lambda.getRemainingTimeInMillis() < FLUSH_THRESHOLD_MS;
        const flushStartedAt = Date.now();
        const report = await flushStream(inside, atDeadline ? "deadline" : "end");
        stream.write(sse("flush", { flushStartedAt, flushedAt: Date.now(), report, vitals: vitals() }));
        if (event.lateFailureMs !== undefined) await sleep(event.lateFailureMs + 50 - (Date.now() - started));
        if (atDeadline) {
          const remaining_ms = lambda.getRemainingTimeInMillis();
          stream.write(sse("deadline", { reason: "timeout_imminent", remaining_ms }));
        }
        if (event.fail !== true) {
          stream.write(sse("done", {}));
          stream.end();
        }
      }
    },
  );
});
