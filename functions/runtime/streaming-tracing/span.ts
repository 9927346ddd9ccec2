import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { StreamAttributeKey, StreamSpanName } from "../../../contract/spans";
import { boundError } from "../bounded-error";
import { reportLateError } from "./diagnostics";
import { streamTraceOf } from "./stream-trace";
import { tracing } from "./tracing";

/** Attributes a span of the stream may have: those of the contract and no others (DAT-3). */
export type StreamAttributes = Partial<Record<StreamAttributeKey, string | number | boolean | string[]>>;

/** Options of a span. */
export interface SpanOptions {
  /** Client for calls to AWS, internal otherwise (SSE-D2). */
  readonly kind?: SpanKind.CLIENT | SpanKind.INTERNAL;
  readonly attributes?: StreamAttributes;
  /** True for the few spans a trace is worthless without; the span budget does not refuse them. */
  readonly essential?: boolean;
}

/** Puts an error on a span: the exception, cut to size (DAT-1), and status ERROR. */
export function recordSpanError(span: Span, error: unknown): void {
  const bounded = boundError(error);
  span.recordException(bounded);
  span.setStatus({ code: SpanStatusCode.ERROR, message: bounded.message });
}

/**
 * Runs `work` in a new span below `parent`. An exception is recorded, sets ERROR and goes on; the span ends in every
 * case. Once the invocation has been flushed, or its span budget is used up, `work` runs without a span.
 *
 * @param work gets the span, not recording in the latter case, and the context for spans below it
 * @throws whatever `work` throws
 */
export async function withSpan<T>(
  name: StreamSpanName,
  options: SpanOptions,
  parent: Context,
  work: (span: Span, inside: Context) => Promise<T> | T,
): Promise<T> {
  const stream = streamTraceOf(parent);
  if (stream !== undefined && !stream.admit(options.essential ?? false))
    return withoutSpan(name, parent, work);
  const { kind = SpanKind.INTERNAL, attributes = {} } = options;
  const span = tracing.tracer.startSpan(name, { kind, attributes }, parent);
  stream?.opened(span);
  const inside = trace.setSpan(parent, span);
  try {
    return await context.with(inside, work, undefined, span, inside);
  } catch (error) {
    if (stream?.flushed) reportLateError(name, error);
    else recordSpanError(span, error);
    throw error;
  } finally {
    if (stream === undefined) span.end();
    else stream.close(span);
  }
}

async function withoutSpan<T>(
  name: StreamSpanName,
  parent: Context,
  work: (span: Span, inside: Context) => Promise<T> | T,
): Promise<T> {
  try {
    return await context.with(parent, work, undefined, trace.wrapSpanContext(INVALID_SPAN_CONTEXT), parent);
  } catch (error) {
    if (streamTraceOf(parent)?.flushed) reportLateError(name, error);
    throw error;
  }
}

/** Something that has happened already. */
export interface Past extends SpanOptions {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  readonly error?: unknown;
}

/**
 * Records a span after the fact, for work that is worth a span only if something came of it.
 *
 * @returns the context for spans below it
 */
export function recordSpan(name: StreamSpanName, past: Past, parent: Context): Context {
  const stream = streamTraceOf(parent);
  if (stream !== undefined && !stream.admit(past.essential ?? false)) return parent;
  const { kind = SpanKind.INTERNAL, attributes = {}, startedAt, endedAt, error } = past;
  const span = tracing.tracer.startSpan(name, { kind, attributes, startTime: startedAt }, parent);
  if (error !== undefined) recordSpanError(span, error);
  span.end(endedAt);
  return trace.setSpan(parent, span);
}
