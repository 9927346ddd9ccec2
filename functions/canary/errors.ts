import { boundError } from "../runtime/bounded-error";

/** Codes by which AWS says that trying again is of no use, because somebody may not do this (CAN-6). */
const REFUSALS: readonly string[] = [
  "AccessDenied",
  "AccessDeniedException",
  "NotAuthorized",
  "AuthorizationError",
  "AuthorizationErrorException",
  "UnauthorizedOperation",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "ExpiredToken",
  "ExpiredTokenException",
  "SignatureDoesNotMatch",
];

/** Codes of a call that was understood and can never succeed as it is. */
const INVALID = /^(Invalid|Missing|Malformed|Validation)/;

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const { $metadata } = error;
  if (typeof $metadata !== "object" || $metadata === null || !("httpStatusCode" in $metadata))
    return undefined;
  return Number($metadata.httpStatusCode);
}

/** Whether a call was refused for lack of permission or credentials. */
export function isRefusal(error: unknown): boolean {
  return REFUSALS.includes(errorCode(error)) || statusOf(error) === 403;
}

/** Whether the same call may succeed a moment later: throttled, unavailable, unreachable. */
export function isPassing(error: unknown): boolean {
  return !isRefusal(error) && !INVALID.test(errorCode(error));
}

/** What an error is called. Messages stay out of alerts: AWS writes names of roles and resources into them. */
export function errorCode(error: unknown): string {
  return boundError(error).name;
}
