import { Logger as PowertoolsLogger } from "@aws-lambda-powertools/logger";
import { boundError } from "./bounded-error";
import type { CommonConfig } from "./config";

/** Fields of a log line; never personal data, keys, bodies or URLs with queries. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** JSON log lines with the trace id at top level (CORR-2) and errors cut to size (DAT-1). */
export class Logger {
  readonly #powertools: PowertoolsLogger;
  readonly #traceId: () => string | undefined;

  /** @param traceId the current trace's bare id, asked for with every line */
  constructor(config: CommonConfig, traceId: () => string | undefined) {
    this.#traceId = traceId;
    this.#powertools = new PowertoolsLogger({
      serviceName: config.variables.POWERTOOLS_SERVICE_NAME,
      persistentKeys: { environment: config.environment },
    });
  }

  /** What happened in the normal course. */
  info(message: string, fields: LogFields = {}): void {
    this.#powertools.info(message, this.#line(fields));
  }

  /** What went wrong and was dealt with. */
  warn(message: string, fields: LogFields = {}, error?: unknown): void {
    this.#powertools.warn(message, this.#line(fields, error));
  }

  /** What makes the invocation fail. */
  error(message: string, fields: LogFields = {}, error?: unknown): void {
    this.#powertools.error(message, this.#line(fields, error));
  }

  #line(fields: LogFields, error?: unknown): Record<string, unknown> {
    // Read per line: the trace changes with every invocation of the same environment.
    const line = { ...fields, xray_trace_id: this.#traceId() };
    return error === undefined ? line : { ...line, exception: boundError(error) };
  }
}
