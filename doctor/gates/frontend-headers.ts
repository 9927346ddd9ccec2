import { HEADERS } from "../../contract/headers";
import { STREAM_ROUTES } from "../../contract/streaming";
import type { Finding } from "./finding";
import type { VisitedRequest } from "./visit";

/** A root, perhaps with the segment of a monitoring client, and no decision. */
const UNDECIDED = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;Parent=[0-9a-f]{16})?$/;

const STREAM_PATHS = Object.values(STREAM_ROUTES)
  .filter((route) => route !== STREAM_ROUTES.status)
  .map((route) => new RegExp(`${route.replace("{id}", "[^/]+")}$`));

function isStream({ url }: VisitedRequest): boolean {
  return STREAM_PATHS.some((path) => path.test(url.pathname));
}

function judged(
  what: string,
  all: readonly VisitedRequest[],
  good: (request: VisitedRequest) => boolean,
  expected: string,
  nextStep: string,
  missing: string,
): Finding {
  const fine = all.filter(good).length;
  const verdict = all.length === 0 ? "undecided" : fine === all.length ? "passed" : "failed";
  const found = all.length === 0 ? "nothing to judge" : `${fine} of ${all.length}`;
  return { what, found, expected, verdict, nextStep: verdict === "undecided" ? missing : nextStep };
}

/** Whether a script of another origin may read the trace id of the answer. */
function readable({ headers, answerHeaders }: VisitedRequest): boolean {
  if (answerHeaders[HEADERS.traceId] === undefined) return false;
  const exposed = (answerHeaders["access-control-expose-headers"] ?? "").toLowerCase().split(/\s*,\s*/);
  return headers["origin"] === undefined || exposed.includes(HEADERS.traceId);
}

function rootOf({ headers }: VisitedRequest): string {
  return (headers[HEADERS.traceId] ?? "").split(";")[0] ?? "";
}

/**
 * [AWS] FE-1: doctor/gates/frontend-headers.ts
 * [AWS] FE-3: doctor/gates/frontend-headers.ts
 * [AWS] FE-5: doctor/gates/frontend-headers.ts
 *
 * Judges a recorded visit of the deployed page: whether its requests carried the trace header, CORS let them through,
 * and a script could read the trace id of answers, errors included.
 *
 * @param origins of the API and the stream
 */
export function judgeHeaders(
  visit: readonly VisitedRequest[],
  origins: readonly string[],
): readonly Finding[] {
  const ours = visit.filter(({ url, method }) => origins.includes(url.origin) && method !== "OPTIONS");
  const streams = ours.filter(isStream);
  const calls = ours.filter((request) => !isStream(request));
  const answered = ours.filter(({ status }) => status > 0);
  const roots = streams.map(rootOf);
  const carries = (request: VisitedRequest) => UNDECIDED.test(request.headers[HEADERS.traceId] ?? "");
  const header = "Root, perhaps Parent, and no decision";
  return [
    judged(
      "requests to the API with the trace header",
      calls,
      carries,
      header,
      "send every request through the API client, and put traceFetch below what patches fetch",
      "record a visit that calls the API",
    ),
    judged(
      "connections to the stream with the trace header",
      streams,
      carries,
      header,
      "open streams with openStream, and name the stream's origin",
      "record a visit that opens the stream",
    ),
    judged(
      "connections with a root of their own",
      streams,
      (request) => roots.filter((root) => root === rootOf(request)).length === 1,
      "another root each time (D33)",
      "make the header anew for every connection",
      "record a visit that opens the stream",
    ),
    judged(
      "requests that were answered",
      ours,
      ({ status }) => status > 0,
      "all; CORS that refuses the header looks like no answer",
      "compare the CORS of gateway and Function URL with contract/headers.ts and contract/api.ts",
      "record a visit of the page",
    ),
    judged(
      "successes whose trace id a script can read",
      answered.filter(({ status }) => status < 400),
      readable,
      "all",
      "expose the header on answers, not only on preflights (D30)",
      "record a visit that succeeds",
    ),
    judged(
      "errors whose trace id a script can read",
      answered.filter(({ status }) => status >= 400),
      readable,
      "all",
      "give CORS to error answers too, the gateway's own included (FE-1)",
      "record a visit with an error, for example an unknown configuration",
    ),
  ];
}
