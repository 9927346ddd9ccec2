import {
  type Context,
  defaultTextMapGetter,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { HEADERS } from "../../../contract/headers";
import { writeDiagnostic } from "./diagnostics";
import { StreamTrace, withStreamTrace } from "./stream-trace";
import { tracing } from "./tracing";

interface InvokeStore {
  getXRayTraceId?(): string | undefined;
}

/**
 * The runtime's own trace header. Runtimes that serve several invocations at once keep it in their invoke store and
 * leave the environment variable unset; older ones have only the variable.
 */
function runtimeTraceHeader(): string | undefined {
  const { awslambda } = globalThis as { awslambda?: { InvokeStore?: InvokeStore } };
  return awslambda?.InvokeStore?.getXRayTraceId?.() ?? process.env["_X_AMZN_TRACE_ID"];
}

/**
 * The context of the current invocation, to be called first thing in the handler and never kept: the parent comes from
 * the runtime, not from the client's headers (SSE-C1).
 *
 * @param budget spans this invocation may have
 */
export function invocationContext(budget?: number): Context {
  const header = runtimeTraceHeader();
  const carrier = header === undefined ? {} : { [HEADERS.traceId]: header };
  const parent = tracing.propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
  const unusable = header !== undefined && parent === ROOT_CONTEXT;
  if (unusable)
    writeDiagnostic({ trace_header_unusable: true, expected: "Root, Parent and Sampled of 0 or 1" });
  // Spans of a trace of our own would hang on nothing.
  return withStreamTrace(unusable ? suppressTracing(parent) : parent, new StreamTrace(budget));
}

/** The bare X-Ray trace id of a context, `1-{8 hex}-{24 hex}`; `undefined` without a trace (CORR-1, SSE-D5). */
export function xrayTraceId(inside: Context): string | undefined {
  const span = trace.getSpanContext(inside);
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `1-${span.traceId.slice(0, 8)}-${span.traceId.slice(8)}`;
}
