/** What went wrong with a call: one of ours, or the code the server gave. */
export type ApiErrorCode = "TIMEOUT" | "NETWORK_ERROR" | "ABORTED" | "UNKNOWN_ERROR" | (string & {});

/** A field the server did not like, and what it must be. */
export interface FieldError {
  readonly field: string;
  readonly expected: string;
}

/** What is known of a failed call. */
export interface ApiErrorDetails {
  readonly code: ApiErrorCode;
  /** Status of the answer, if there was one. */
  readonly status?: number | undefined;
  /** Bare trace id: the answer's if a script may read it, else the one the request was sent with. */
  readonly traceId?: string | undefined;
  /** Milliseconds the server asked to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Fields the server did not like. */
  readonly fields?: readonly FieldError[];
}

/** A call to the API that failed. */
export class ApiError extends Error implements ApiErrorDetails {
  readonly code: ApiErrorCode;
  readonly status: number | undefined;
  readonly traceId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly fields: readonly FieldError[];

  constructor(message: string, details: ApiErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = "ApiError";
    this.code = details.code;
    this.status = details.status;
    this.traceId = details.traceId;
    this.retryAfterMs = details.retryAfterMs;
    this.fields = details.fields ?? [];
  }
}
