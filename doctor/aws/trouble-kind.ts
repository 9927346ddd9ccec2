import { isThrottlingError } from "@smithy/core/retry";
import { SKEW_LIMIT_MS, skewOf } from "./clock";
import type { Failure } from "./failure";

/** Why a call to AWS failed, as far as the remedy differs. */
export type TroubleKind =
  | "no-credentials"
  | "expired"
  | "rejected-credentials"
  | "clock"
  | "denied"
  | "other-account"
  | "throttled"
  | "no-region"
  | "other-region"
  | "unreachable"
  | "late"
  | "not-found"
  | "refused"
  | "aws-fault"
  | "unknown";

/** Codes and names services use for one thing; the first that matches decides. */
const NAMES: readonly (readonly [TroubleKind, RegExp])[] = [
  ["clock", /^(?:RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/],
  ["expired", /^(?:Expired\w*Token\w*|ExpiredToken|TokenRefreshRequired)/],
  [
    "rejected-credentials",
    /^(?:InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|AuthFailure|MissingAuthenticationToken\w*|(?:Incomplete|Invalid)Signature\w*|SignatureDoesNotMatch)$/,
  ],
  ["other-region", /^(?:PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/],
  ["denied", /^(?:AccessDenied|NotAuthorized|UnauthorizedOperation|AuthorizationError|Forbidden)/],
  ["not-found", /(?:NotFound|^NoSuch)/],
  ["late", /^(?:TimeoutError|AbortError)$/],
];

const CLOCK_WORDS = /Signature expired|Signature not yet current/;
const UNREACHABLE =
  /^(?:ECONN\w+|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|CERT_\w+|\w*SELF_SIGNED\w*|ERR_TLS\w*|DEPTH_ZERO\w*|UNABLE_TO\w*)$/;

function credentialsTrouble({ name, message }: Failure): TroubleKind | undefined {
  if (!/^(?:CredentialsProviderError|TokenProviderError|ProviderError)$/.test(name)) return undefined;
  return /expired/i.test(message) ? "expired" : "no-credentials";
}

function statusTrouble(status: number): TroubleKind {
  if (status === 301) return "other-region";
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "not-found";
  return status >= 400 ? "refused" : "unknown";
}

/**
 * Tells why a call failed.
 *
 * @param failure what the client threw, read
 * @param now epoch milliseconds of this machine, to tell a wrong clock
 */
export function troubleKind(failure: Failure, now: number): TroubleKind {
  const { name, message, code, status, headers } = failure;
  if (message === "Region is missing") return "no-region";
  const credentials = credentialsTrouble(failure);
  if (credentials !== undefined) return credentials;
  const refusal = status >= 400 && status < 500;
  const skew = skewOf(headers["date"], now) ?? 0;
  const signature = /Signature|AccessDenied|AuthFailure/.test(name);
  if (CLOCK_WORDS.test(message) || (refusal && signature && Math.abs(skew) > SKEW_LIMIT_MS)) return "clock";
  if (UNREACHABLE.test(code)) return "unreachable";
  const named = NAMES.find(([, pattern]) => pattern.test(name))?.[0];
  if (named !== undefined) return named;
  if (isThrottlingError({ name, message, $metadata: { httpStatusCode: status } })) return "throttled";
  if (status >= 500) return "aws-fault";
  return statusTrouble(status);
}
