import { type DiagLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { LOG_EVENTS } from "../../../contract/logs";
import { TRACE_LIMITS } from "../../../contract/spans";

type Field = string | number | boolean | undefined;

/** Writes one JSON line; straight to stdout, because the runtime would wrap what goes through the console. */
export function writeDiagnostic(fields: Readonly<Record<string, Field>>): void {
  process.stdout.write(`${JSON.stringify({ ...fields, timestamp: new Date().toISOString() })}\n`);
}

function cut(text: string): string {
  return text.slice(0, TRACE_LIMITS.fallbackMessageLength);
}

/** Reports spans that found the queue full. */
export function reportOverflow(dropped: number): void {
  const { field, value } = LOG_EVENTS.spanQueueOverflow;
  writeDiagnostic({ [field]: value, dropped });
}

/** Reports spans whose export was given up. */
export function reportFailedExport(spans: number, error: unknown): void {
  const { field, value } = LOG_EVENTS.otelExportFailed;
  writeDiagnostic({
    [field]: value,
    code: exportErrorCode(error),
    spans,
    message: cut(error instanceof Error ? error.message : String(error)),
  });
}

/** Why a flush did not deliver everything in time. */
export type FlushCause = "extension_unavailable" | "extension_hang";

/** Reports a flush that failed because of the collector, with the spans it lost or left behind. */
export function reportFlushCause(
  cause: FlushCause,
  durationMs: number,
  failed: number,
  pending: number,
): void {
  const { field } = cause === "extension_hang" ? LOG_EVENTS.collectorHang : LOG_EVENTS.collectorUnavailable;
  writeDiagnostic({
    [field]: cause,
    otlp_connection: cause === "extension_hang" ? "established" : "refused",
    duration_ms: Math.round(durationMs),
    failed_spans: failed,
    pending_spans: pending,
  });
}

/** Reports an error that came too late to be put on a span (SSE-E5). */
export function reportLateError(span: string, error: unknown): void {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  writeDiagnostic({ error_after_flush: true, span, exception_type: name, exception_message: cut(message) });
}

/**
 * The code of an export's error: Node's own, `HTTP_{status}`, `HTTP_RETRYABLE` for 429, 502, 503 and 504 to the end,
 * `ETIMEDOUT`, or `UNKNOWN`.
 */
export function exportErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return "UNKNOWN";
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "string") return code;
  if (typeof code === "number") return `HTTP_${code}`;
  // The SDK gives these two no code; both texts are of the pinned version and covered by tests.
  if (error.message === "Request timed out") return "ETIMEDOUT";
  if (error.message === "Export failed with retryable status") return "HTTP_RETRYABLE";
  return "UNKNOWN";
}

function line(level: "warn" | "error"): (message: string) => void {
  return (message) => writeDiagnostic({ otel_diagnostic: cut(message), level });
}

const ignore = (): void => undefined;

/** OpenTelemetry's warnings and errors as JSON lines. */
const LOGGER: DiagLogger = {
  error: line("error"),
  warn: line("warn"),
  info: ignore,
  debug: ignore,
  verbose: ignore,
};

/** Makes OpenTelemetry report its warnings and errors, which are silent by default (SSE-B14). */
export function listenToOpenTelemetry(): void {
  diag.setLogger(LOGGER, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
