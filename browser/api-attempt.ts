import { HEADERS } from "../contract/headers";
import { jsonValueOf, refusalOf, traceIdOf } from "./api-answer";
import { ApiError } from "./api-error";
import { sentTraceId } from "./trace-fetch";
import { bareTraceId } from "./trace-header";

/** What came of one request; an error is a value until the call is given up. */
export type Outcome =
  | { readonly value: unknown; readonly traceId: string | undefined; readonly error?: never }
  | { readonly error: ApiError };

function failureOf(
  cause: unknown,
  request: Request,
  timeout: AbortSignal,
  traceId: string | undefined,
): ApiError {
  if (cause instanceof ApiError) return cause;
  if (timeout.aborted) {
    return new ApiError("The API did not answer in time.", { code: "TIMEOUT", traceId }, { cause });
  }
  if (request.signal.aborted) {
    return new ApiError("The call was ended by the page.", { code: "ABORTED", traceId }, { cause });
  }
  // By name: the error may come from another realm, such as a frame's fetch.
  if (typeof cause === "object" && cause !== null && "name" in cause && cause.name === "TypeError") {
    return new ApiError("The API cannot be reached.", { code: "NETWORK_ERROR", traceId }, { cause });
  }
  return new ApiError(
    "The call failed for an unknown reason.",
    { code: "UNKNOWN_ERROR", traceId },
    { cause },
  );
}

/** Sends a request of a call once. @param timeout the part of its signal that means the call took too long */
export async function attempt(request: Request, timeout: AbortSignal): Promise<Outcome> {
  // Only known after sending: a monitoring client may have put its own root in place of ours.
  const sent = () => sentTraceId(request) ?? bareTraceId(request.headers.get(HEADERS.traceId));
  try {
    // Looked up at every request, because a monitoring client may have patched it meanwhile.
    const response = await globalThis.fetch(request);
    if (!response.ok) return { error: await refusalOf(response, sent()) };
    return { value: await jsonValueOf(response, sent()), traceId: traceIdOf(response, sent()) };
  } catch (cause) {
    return { error: failureOf(cause, request, timeout, sent()) };
  }
}
