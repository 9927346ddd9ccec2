import { HEADERS } from "../../contract/headers";
import { STREAM, STREAM_ROUTES } from "../../contract/streaming";
import type { UrlEvent } from "./awslambda";
import { type EventFilter, filterOf } from "./filter";
import { Refusal } from "./refusal";

/** What a client asks for. */
export type Target =
  | { readonly kind: "status" }
  | { readonly kind: "global" }
  | { readonly kind: "configuration"; readonly id: string };

/** What a client tells about itself, safe to record: nothing of it is free text (SSE-D6). */
export interface Session {
  readonly session_id: string;
  readonly previous_trace_id: string;
  readonly connection_sequence: number;
}

/** A request, parsed and bounded. */
export interface StreamRequest {
  readonly target: Target;
  readonly filter: EventFilter;
  readonly session: Session;
  /** Milliseconds the client wants at most; `undefined` when it does not mind. */
  readonly longestMs: number | undefined;
  /** The position to go on after, as sent. */
  readonly lastEventId: string | undefined;
  readonly authorization: string | undefined;
}

const CONFIGURATION = new RegExp(`^${STREAM_ROUTES.configuration.replace("{id}", "([A-Za-z0-9-]{1,64})")}$`);
const SESSION = /^[A-Za-z0-9_-]{1,64}$/;
const TRACE = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const SEQUENCE = /^[1-9]\d{0,5}$|^1000000$/;

function targetOf(path: string): Target {
  const [, id] = CONFIGURATION.exec(path) ?? [];
  if (id !== undefined) return { kind: "configuration", id };
  if (path === STREAM_ROUTES.global) return { kind: "global" };
  if (path === STREAM_ROUTES.status) return { kind: "status" };
  throw new Refusal(404, "There is no such route.");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function labelled(value: string | undefined, pattern: RegExp): string {
  if (value === undefined || value === "") return "none";
  return pattern.test(value) ? value : "invalid";
}

/** How long a client wants its stream at most; what is no number of milliseconds is no wish. */
function longestOf(query: URLSearchParams): number | undefined {
  const value = query.get(STREAM.longestParameter) ?? "";
  return /^\d{1,9}$/.test(value) ? Math.max(STREAM.shortestMs, Number(value)) : undefined;
}

/**
 * Reads a Function URL's event.
 *
 * @throws Refusal with 404 for an unknown route and 405 for another method than GET
 */
export function readRequest(event: UrlEvent): StreamRequest {
  const target = targetOf(
    text(event.rawPath)
      .slice(0, 512)
      .replace(/\/{2,}/g, "/"),
  );
  if (event.requestContext?.http?.method !== "GET") {
    throw new Refusal(405, "Only GET is answered here.", { Allow: "GET" });
  }
  const headers = (event.headers ?? {}) as Readonly<Record<string, unknown>>;
  const header = (name: string) => (typeof headers[name] === "string" ? headers[name] : undefined);
  const sequence = header(HEADERS.connectionSequence) ?? "";
  const query = new URLSearchParams(text(event.rawQueryString));
  return {
    target,
    filter: filterOf(query),
    longestMs: longestOf(query),
    session: {
      session_id: labelled(header(HEADERS.sessionId), SESSION),
      previous_trace_id: labelled(header(HEADERS.previousTrace), TRACE),
      connection_sequence: SEQUENCE.test(sequence) ? Number(sequence) : 1,
    },
    lastEventId: header(HEADERS.lastEventId),
    authorization: header("authorization"),
  };
}
