import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { reportFailedExport } from "./diagnostics";

/** An exporter whose failures are reported and whose exports in flight can be waited for. */
export class ObservedExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #inFlight = new Set<Promise<void>>();
  #failures = 0;
  #lastError: unknown;

  constructor(inner: SpanExporter) {
    this.#inner = inner;
  }

  /** Exports that failed since the process started. */
  get failures(): number {
    return this.#failures;
  }

  /** The error of the last export that failed. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Exports a batch; called by the processor. */
  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const answered = new Promise<void>((resolve) => {
      const settle = (result: ExportResult) => {
        const error =
          result.code === ExportResultCode.SUCCESS ? undefined : this.#failed(spans.length, result.error);
        done(error === undefined ? result : { ...result, error });
        resolve();
      };
      try {
        this.#inner.export(spans, settle);
      } catch (error) {
        // A span that cannot be written must not become an unhandled rejection, which ends the process.
        settle({
          code: ExportResultCode.FAILED,
          error: error instanceof Error ? error : new Error(String(error)),
        });
      }
    });
    this.#inFlight.add(answered);
    answered.then(() => this.#inFlight.delete(answered));
  }

  #failed(spans: number, error: Error = new Error("the exporter gave no reason")): Error {
    this.#failures += 1;
    this.#lastError = error;
    reportFailedExport(spans, error);
    return error;
  }

  /** Waits until no export is in flight, also those the batch processor's own flush disregards (SSE-E1). */
  async forceFlush(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  /** Shuts the exporter down. */
  async shutdown(): Promise<void> {
    await this.#inner.shutdown();
  }
}
