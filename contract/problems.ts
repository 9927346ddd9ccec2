import { PRODUCT } from "./names";

/** One way in which a request to the API fails. */
export interface ProblemKind {
  /** HTTP status. */
  readonly status: number;
  /** The same words each time; what is particular to one request stands in `detail`. */
  readonly title: string;
}

/** Every way in which a request to the API fails, by the last part of its {@link problemType}. */
export const PROBLEMS = {
  "invalid-event": { status: 400, title: "This is no request of the API's gateway" },
  "invalid-request": { status: 400, title: "The request is not valid" },
  unauthorized: { status: 401, title: "Nobody is known by this token" },
  "not-found": { status: 404, title: "There is nothing here" },
  "method-not-allowed": { status: 405, title: "The route does not know this method" },
  "limit-reached": { status: 409, title: "The user has as many as allowed" },
  "too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body is not JSON" },
  throttled: { status: 429, title: "Too many requests at the moment" },
  internal: { status: 500, title: "Something went wrong here" },
  unavailable: { status: 503, title: "The data cannot be reached at the moment" },
} as const satisfies Record<string, ProblemKind>;

/** Key of {@link PROBLEMS}. */
export type ProblemKey = keyof typeof PROBLEMS;

/** The media type of an answer that reports a problem (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** The `type` of a problem report, by which a program tells problems apart. */
export function problemType(key: ProblemKey): string {
  return `urn:${PRODUCT}:problem:${key}`;
}

/** Body of an answer that reports a problem; nothing in it comes from the request. */
export interface ProblemReport extends ProblemKind {
  readonly type: string;
  readonly detail: string;
  /** Bare trace id by which the request is found in X-Ray; absent when nothing was traced. */
  readonly trace_id?: string;
  /** Fields or parameters that were wrong, and what each must be. */
  readonly errors?: readonly { readonly field: string; readonly expected: string }[];
}
