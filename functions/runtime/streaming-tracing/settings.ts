import { COLLECTOR_VARIABLE } from "../../../contract/environment-variables";

/** How spans are batched: 24 batches of a full queue stay below the exporter's 30 concurrent requests. */
export const BATCH = {
  /** Milliseconds between two exports. */
  scheduledDelayMillis: 1000,
  /** Spans that wait; the next one is dropped. */
  maxQueueSize: 1500,
  /** Spans of one export. */
  maxExportBatchSize: 64,
} as const;

/** Milliseconds after which a flush returns whatever has become of it. */
export const FLUSH_CAP_MS = 2500;

/** Milliseconds one export may take, its retries included. */
const EXPORT_TIMEOUT_MS = 2000;

/** A name and its values, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Validated configuration of the streaming function's tracing. */
export interface TracingSettings {
  /** False under the kill switch (SSE-B13) and in an image without collector (SSE-A7): no spans and no network. */
  readonly enabled: boolean;
  readonly serviceName: string;
  /** Base address of the collector; `/v1/traces` is appended. */
  readonly endpoint: string;
  /** Milliseconds. */
  readonly exportTimeoutMs: number;
}

function requiredOf(variables: Variables, name: string): string {
  const value = variables[name];
  if (value) return value;
  throw new Error(`${name} is not set. The function's construct in modules/ sets it; deploy it again.`);
}

function exportTimeoutOf(variables: Variables): number {
  const text = variables["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"];
  if (text === undefined || text === "") return EXPORT_TIMEOUT_MS;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1000 && value < FLUSH_CAP_MS) return value;
  throw new Error(
    `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is ${text}, expected milliseconds from 1000 to ${FLUSH_CAP_MS - 1}: ` +
      `JavaScript reads it in milliseconds, and a flush ends after ${FLUSH_CAP_MS}. Set it to ${EXPORT_TIMEOUT_MS}.`,
  );
}

/**
 * Reads the settings from environment variables.
 *
 * @throws Error naming the variable that is missing or wrong
 */
export function readSettings(variables: Variables): TracingSettings {
  if (variables["OTEL_PROPAGATORS"] !== undefined) {
    throw new Error(
      "OTEL_PROPAGATORS is set, but the X-Ray propagator is chosen in code (SSE-B4). Remove the variable.",
    );
  }
  // The Lambda resource detector returns nothing without it, and says nothing.
  requiredOf(variables, "AWS_EXECUTION_ENV");
  return {
    enabled: variables["OTEL_SDK_DISABLED"] !== "true" && variables[COLLECTOR_VARIABLE] !== "absent",
    serviceName: requiredOf(variables, "OTEL_SERVICE_NAME"),
    endpoint: (variables["OTEL_EXPORTER_OTLP_ENDPOINT"] || "http://localhost:4318").replace(/\/+$/, ""),
    exportTimeoutMs: exportTimeoutOf(variables),
  };
}
