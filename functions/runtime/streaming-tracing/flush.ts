import { type Context, trace } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../../contract/spans";
import { exportErrorCode, type FlushCause, reportFlushCause } from "./diagnostics";
import type { Pipeline } from "./provider";
import { FLUSH_CAP_MS } from "./settings";
import { recordSpan } from "./span";
import type { SpanCounts } from "./span-ledger";
import { streamTraceOf } from "./stream-trace";
import { tracing } from "./tracing";

/** What came of a flush. */
export interface FlushReport {
  readonly durationMs: number;
  /** True when the cap ended the flush with exports still in flight. */
  readonly capped: boolean;
  readonly cause?: FlushCause;
  /** Counts since the process started; `undefined` when tracing is switched off. */
  readonly counts?: SpanCounts;
}

const HANG = new Set(["ETIMEDOUT", "ESOCKETTIMEDOUT"]);
const GONE = /^(?:E[A-Z_]+|UND_ERR.*)$/;

/** HTTP errors have a live collector behind them: their export lines are enough. */
function causeOf(capped: boolean, error: unknown): FlushCause | undefined {
  if (capped) return "extension_hang";
  if (error === undefined) return undefined;
  const code = exportErrorCode(error);
  if (HANG.has(code)) return "extension_hang";
  return GONE.test(code) ? "extension_unavailable" : undefined;
}

async function drain({ processor, exporter }: Pipeline): Promise<void> {
  // Rejects when an export fails, which the exporter has reported; the exports in flight matter all the same.
  await processor.forceFlush().catch(() => undefined);
  await exporter.forceFlush();
}

/**
 * Waits until every ended span has been exported or given up, those in flight included, but never longer than 2500 ms.
 * Never rejects; a failure is reported as JSON lines (SSE-E1, SSE-E2).
 */
export async function safeForceFlush(): Promise<FlushReport> {
  const { pipeline } = tracing;
  if (pipeline === undefined) return { durationMs: 0, capped: false };
  const started = performance.now();
  // What failed on a timer before this flush has its own lines; the cause is asked for this flush alone.
  const failures = pipeline.exporter.failures;
  const before = pipeline.ledger.counts.failed;
  let timer: NodeJS.Timeout | undefined;
  const cap = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, FLUSH_CAP_MS, true);
  });
  const capped = await Promise.race([drain(pipeline).then(() => false), cap]);
  clearTimeout(timer);
  pipeline.ledger.reportDrops();
  const durationMs = performance.now() - started;
  const { counts } = pipeline.ledger;
  const failed = pipeline.exporter.failures > failures;
  const cause = causeOf(capped, failed ? pipeline.exporter.lastError : undefined);
  if (cause !== undefined) reportFlushCause(cause, durationMs, counts.failed - before, counts.pending);
  return { durationMs, capped, counts, ...(cause === undefined ? {} : { cause }) };
}

/**
 * Ends an invocation's trace: marks the moment with a `force_flush` span, ends what is open, lets no new span start,
 * and flushes (SSE-E3, SSE-E5). A second call flushes again and changes nothing else.
 *
 * @param parent context of the invocation or of its stream span
 * @param reason for example `deadline`, `max_stream` or `end`
 */
export async function flushStream(parent: Context, reason: string): Promise<FlushReport> {
  const stream = streamTraceOf(parent);
  if (stream !== undefined && !stream.flushed) {
    const now = Date.now();
    if (stream.suppressed > 0) {
      trace.getSpan(parent)?.setAttribute("suppressed_span_count", stream.suppressed);
    }
    recordSpan(
      STREAM_SPANS.flush,
      { startedAt: now, endedAt: now, essential: true, attributes: { flush_reason: reason } },
      parent,
    );
    stream.seal();
  }
  return safeForceFlush();
}
