import { API_CORS } from "../../contract/api";
import type { Answer } from "./answer";
import { settings } from "./settings";

/** Headers of every answer, errors included, so that pages of listed origins can read it (D30). */
export function corsHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  // Told even to others: a cache must not hand one origin the answer to another.
  const vary = { Vary: "Origin" };
  if (origin === undefined || !settings.origins.has(origin)) return vary;
  return {
    ...vary,
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": API_CORS.responseHeaders.join(", "),
  };
}

/** The answer to a preflight; {@link corsHeaders} decides whether the origin is told anything of use. */
export function preflight(origin: string | undefined): Answer {
  if (origin === undefined || !settings.origins.has(origin)) return { status: 204 };
  return {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": API_CORS.methods.join(", "),
      "Access-Control-Allow-Headers": API_CORS.requestHeaders.join(", "),
      "Access-Control-Max-Age": String(API_CORS.maxAgeSeconds),
    },
  };
}
