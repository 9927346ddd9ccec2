import { API_ROUTES, type ApiRouteKey } from "../contract/api";
import { HEADERS } from "../contract/headers";
import type { PageAction } from "./page-action";

/** Names of the `{parameters}` of a path. */
type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** Values of the parameters of a route's path. */
export type PathOf<R extends ApiRouteKey> = Readonly<
  Record<ParameterOf<(typeof API_ROUTES)[R]["path"]>, string>
>;

/** What a call sends besides the parameters of its path. */
export interface ApiCall {
  /** Absent values are left out; the values of a list are joined by commas. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What the person did; without it the call is an action of its own. */
  readonly action?: PageAction;
  /** Ends the call. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the call, retry and body included, if not the client's. */
  readonly timeoutMs?: number;
}

/**
 * The address all routes lie below, without a slash at its end.
 *
 * @throws TypeError when it is no absolute http address, or has a password, query or fragment
 */
export function checkedBase(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const plain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url === undefined || !plain || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(
      "The API's address must be like https://api.example.com/v1, without password, query and fragment.",
    );
  }
  return url.href.replace(/\/+$/, "");
}

function filled(template: string, values: PathValues): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    // A browser resolves dots before it sends, so that they would call another route.
    if (value === "" || /^\.{1,2}$/.test(value)) {
      throw new TypeError(`The route ${template} needs a value for ${name}, not empty and not dots.`);
    }
    return encodeURIComponent(value);
  });
}

/** Parameters of a path, for code that does not know the route. */
export type PathValues = Readonly<Record<string, string>>;

/** @param base from {@link checkedBase} @throws TypeError when a parameter of the path has no usable value */
export function addressOf(
  base: string,
  route: ApiRouteKey,
  { path = {}, query = {} }: ApiCall & { readonly path?: PathValues },
): string {
  const url = new URL(base + filled(API_ROUTES[route].path, path));
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined)
      url.searchParams.set(name, Array.isArray(value) ? value.join(",") : String(value));
  }
  return url.href;
}

/** What {@link requestOf} puts together. */
export interface RequestParts {
  readonly url: string;
  readonly route: ApiRouteKey;
  readonly body: unknown;
  /** Bearer token; sent only to routes that ask for one. */
  readonly token: string | undefined;
  /** Value of the trace header; `undefined` for none. */
  readonly root: string | undefined;
  readonly signal: AbortSignal;
}

/** The request of a call. Cookies are never sent: access is by token. */
export function requestOf({ url, route, body, token, root, signal }: RequestParts): Request {
  const { method, access } = API_ROUTES[route];
  const headers = new Headers({ accept: "application/json" });
  if (body !== undefined) headers.set("content-type", "application/json");
  if (access === "bearer" && token !== undefined) headers.set("authorization", `Bearer ${token}`);
  if (root !== undefined) headers.set(HEADERS.traceId, root);
  return new Request(url, {
    method,
    headers,
    signal,
    credentials: "omit",
    // The API never redirects; whoever does is not the API.
    redirect: "error",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
