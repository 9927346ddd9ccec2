import { isServerError, isThrottlingError, isTransientError } from "@smithy/core/retry";
import { API } from "../../contract/api";
import {
  PROBLEM_MEDIA_TYPE,
  PROBLEMS,
  type ProblemKey,
  type ProblemReport,
  problemType,
} from "../../contract/problems";
import type { Answer } from "./answer";

/** A field or parameter that is wrong. */
export type FieldError = NonNullable<ProblemReport["errors"]>[number];

/** What a {@link Problem} may say besides its detail. */
export interface ProblemOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly errors?: readonly FieldError[];
}

/** A request that fails in a way of the contract. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly key: ProblemKey;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];

  /** @param detail for the client; never anything the client sent */
  constructor(key: ProblemKey, detail: string, { headers = {}, errors = [], cause }: ProblemOptions = {}) {
    super(detail, { cause });
    this.key = key;
    this.headers = headers;
    this.errors = errors;
  }
}

/** When a client may come back. */
export const RETRY_AFTER = { "Retry-After": String(API.retryAfterSeconds) };

/** What the SDK's classification looks at. */
type SdkError = Parameters<typeof isThrottlingError>[0];

/**
 * The problem an error is to the client. Of a throttled table a writer is told to slow down, while a reader can do
 * nothing about it.
 *
 * @param method of the request, `undefined` when it could not be read
 */
export function problemOf(error: unknown, method: string | undefined): Problem {
  if (error instanceof Problem) return error;
  const cause = error instanceof Error ? error : new Error("something else than an error was thrown");
  const answered = cause as SdkError;
  const options = { headers: RETRY_AFTER, cause };
  if (isThrottlingError(answered) && method !== "GET") {
    return new Problem(
      "throttled",
      `Nothing was changed. Try again in ${API.retryAfterSeconds} seconds.`,
      options,
    );
  }
  if (isThrottlingError(answered) || isTransientError(answered) || isServerError(answered)) {
    return new Problem("unavailable", `Try again in ${API.retryAfterSeconds} seconds.`, options);
  }
  return new Problem("internal", "The fault is not in the request. Its trace id helps to find out more.", {
    cause,
  });
}

/** The answer that reports a problem. */
export function problemAnswer(
  { key, message, headers, errors }: Problem,
  traceId: string | undefined,
): Answer {
  const report: ProblemReport = {
    type: problemType(key),
    ...PROBLEMS[key],
    detail: message,
    ...(errors.length > 0 ? { errors } : {}),
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
  return { status: report.status, headers: { "Content-Type": PROBLEM_MEDIA_TYPE, ...headers }, body: report };
}
