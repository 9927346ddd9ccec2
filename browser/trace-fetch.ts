import { HEADERS } from "../contract/headers";
import { bareTraceId, newRoot } from "./trace-header";
import type { TraceOrigins } from "./trace-origins";

/** Options of {@link traceFetch}. */
export interface TraceFetchOptions {
  /** Who gets the header. */
  readonly origins: TraceOrigins;
  /** Carries the requests on; bind it, browsers refuse a `fetch` without its window. */
  readonly fetch: typeof fetch;
}

const sentWith = new WeakMap<Request, string>();

/** The trace id a request of a {@link traceFetch} really left with, whoever chose it. */
export function sentTraceId(request: Request): string | undefined {
  return sentWith.get(request);
}

/**
 * The header as it may leave the page: somebody's root is kept, with the parent it names, but no decision, which is the
 * server's. Of two roots the first counts; that is the caller's, before a library's that patched `fetch`.
 */
function undecided(value: string | null): string | undefined {
  const [first = ""] = (value ?? "").split(",");
  if (bareTraceId(first) === undefined) return newRoot();
  const kept = first
    .split(";")
    .map((field) => field.trim())
    .filter((field) => field !== "" && !/^sampled=/i.test(field));
  const [root = ""] = kept;
  return root.startsWith("Root=") ? kept.join(";") : `Root=${bareTraceId(first)}`;
}

function addressOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : String(input);
}

/** Headers a request would leave with: those of `init` replace a Request's, as `fetch` itself does it. */
function headersOf(input: RequestInfo | URL, init: RequestInit | undefined): Headers {
  return new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
}

/** Overriding anything of a Request makes `fetch` forget its referrer settings. */
function kept(input: RequestInfo | URL): RequestInit {
  return input instanceof Request ? { referrer: input.referrer, referrerPolicy: input.referrerPolicy } : {};
}

function withHeader(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  origins: TraceOrigins,
): RequestInit | undefined {
  const headers = headersOf(input, init);
  const given = headers.get(HEADERS.traceId);
  const value = origins.covers(addressOf(input)) ? undecided(given) : undefined;
  if (value === undefined && given === null) return init;
  if (value === undefined) headers.delete(HEADERS.traceId);
  else headers.set(HEADERS.traceId, value);
  const id = bareTraceId(value);
  if (id !== undefined && input instanceof Request) sentWith.set(input, id);
  return { ...kept(input), ...init, headers };
}

/**
 * A `fetch` that sends X-Ray's header to the allowed origins and to nobody else, never with a decision (FE-3). Put it
 * below a monitoring client that patches `fetch`: such a client's root stays, its `Sampled=1` does not. Takes every
 * shape of arguments `fetch` takes; when no header can be made, the request goes out as it came.
 */
export function traceFetch({ origins, fetch: send }: TraceFetchOptions): typeof fetch {
  return (input, init) => {
    let traced: RequestInit | undefined;
    try {
      traced = withHeader(input, init, origins);
    } catch {
      // Whatever is wrong with the arguments, the browser's own fetch says it better.
      traced = init;
    }
    return send(input, traced);
  };
}
