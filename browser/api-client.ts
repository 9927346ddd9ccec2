import { API_ROUTES, type ApiRouteKey } from "../contract/api";
import { HEADER_REFUSED_LINE } from "../contract/page";
import { attempt, type Outcome } from "./api-attempt";
import type { ApiError } from "./api-error";
import { type ApiCall, addressOf, checkedBase, type PathOf, requestOf } from "./api-request";
import { startAction } from "./page-action";
import { Reachability } from "./reachability";
import { TraceOrigins } from "./trace-origins";

/** A call that has ended, for whoever shows calls. */
export interface FinishedCall {
  readonly route: ApiRouteKey;
  readonly traceId: string | undefined;
  /** Milliseconds, retry included. */
  readonly tookMs: number;
  /** Absent when it succeeded. */
  readonly error?: ApiError;
}

/** Options of {@link ApiClient}. */
export interface ApiClientOptions {
  /** Where the API is, its stage included: `https://…/v1`. */
  readonly baseUrl: string;
  /** Who gets the trace header; the API's own origin unless told. */
  readonly origins?: TraceOrigins;
  /** Milliseconds a call may take; 10 s unless told. */
  readonly timeoutMs?: number;
  /** Called with `false` when three calls failed within a minute, and with `true` at the next success. */
  readonly onReachable?: (reachable: boolean) => void;
  /** Called after every call. */
  readonly onCall?: (call: FinishedCall) => void;
}

/** Sends the request of a call once, with this trace header. */
type Send = (root: string | undefined) => Promise<Outcome>;

const TIMEOUT_MS = 10_000;
/** A server that wants a longer wait is not asked again by itself. */
const LONGEST_WAIT_MS = 5000;
/** What gateways answer in the name of a server that is gone or overloaded. */
const GATEWAY_STATUSES = [502, 503, 504];

function neverArrived({ code, status }: ApiError): boolean {
  return code === "NETWORK_ERROR" || (status !== undefined && GATEWAY_STATUSES.includes(status));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

/**
 * Calls the dashboard's API from a browser. The token lives in memory only, cookies are never sent, and every request
 * carries the trace header of its action (FE-3). A GET is tried a second time when the network or a gateway failed.
 */
export class ApiClient {
  readonly #base: string;
  readonly #origins: TraceOrigins;
  readonly #options: ApiClientOptions;
  readonly #reachability: Reachability;
  #token: string | undefined;

  /** @throws TypeError when the address is not absolute, or has a password, query or fragment */
  constructor(options: ApiClientOptions) {
    this.#base = checkedBase(options.baseUrl);
    this.#origins = options.origins ?? new TraceOrigins(this.#base);
    this.#options = options;
    this.#reachability = new Reachability((reachable) => options.onReachable?.(reachable));
  }

  /** Sends this bearer token from now on; `undefined` for none. */
  useToken(token: string | undefined): void {
    this.#token = token;
  }

  /**
   * Calls a route.
   *
   * @returns the parsed answer; `undefined` for 204
   * @throws ApiError with the server's code, or `TIMEOUT`, `NETWORK_ERROR`, `ABORTED`, `UNKNOWN_ERROR`
   * @throws TypeError when a parameter of the path has no usable value
   */
  async call<R extends ApiRouteKey>(
    route: R,
    ...[call = {}]: keyof PathOf<R> extends never
      ? [call?: ApiCall]
      : [call: ApiCall & { readonly path: PathOf<R> }]
  ): Promise<unknown> {
    const url = addressOf(this.#base, route, call);
    const action = call.action ?? startAction();
    const timeout = AbortSignal.timeout(call.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS);
    const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
    const send: Send = async (root) => {
      const request = requestOf({ url, route, body: call.body, token: this.#token, root, signal });
      const outcome = await attempt(request, timeout);
      const answered = outcome.error === undefined || outcome.error.status !== undefined;
      if (answered && root !== undefined) this.#origins.prove(url);
      return outcome;
    };
    const began = performance.now();
    const root = this.#origins.covers(url) ? action.root : undefined;
    const outcome = await this.#persistently(send, route, url, root, signal);
    const tookMs = performance.now() - began;
    this.#note(outcome.error);
    if (outcome.error === undefined) {
      this.#options.onCall?.({ route, traceId: outcome.traceId, tookMs });
      return outcome.value;
    }
    const { error } = outcome;
    this.#options.onCall?.({ route, traceId: error.traceId, tookMs, error });
    throw error;
  }

  #note(error: ApiError | undefined): void {
    if (error?.code === "ABORTED") return;
    if (error !== undefined && (error.code === "TIMEOUT" || neverArrived(error))) this.#reachability.failed();
    else this.#reachability.succeeded();
  }

  async #persistently(
    send: Send,
    route: ApiRouteKey,
    url: string,
    root: string | undefined,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const first = await send(root);
    if (API_ROUTES[route].method !== "GET" || first.error === undefined || !neverArrived(first.error)) {
      return first;
    }
    // A little chance keeps pages that failed together from coming back together.
    const waitMs = first.error.retryAfterMs ?? 300 + Math.random() * 300;
    if (waitMs > LONGEST_WAIT_MS) return first;
    await pause(waitMs, signal);
    const second = await send(root);
    if (second.error?.code !== "NETWORK_ERROR" || root === undefined || this.#origins.proved(url))
      return second;
    return this.#withoutHeader(send, url, second);
  }

  /**
   * A CORS answer that does not allow the header looks to a script like a dead network. An origin that never answered a
   * request with the header gets one without; if that helps, the page goes on untraced and says so (FE-5).
   */
  async #withoutHeader(send: Send, url: string, refused: Outcome): Promise<Outcome> {
    this.#origins.refuse(url);
    const bare = await send(undefined);
    if (bare.error !== undefined && bare.error.status === undefined) {
      this.#origins.restore(url);
      return refused;
    }
    // biome-ignore lint/suspicious/noConsole: the page's log, read by whoever wonders where the traces are
    console.warn(JSON.stringify(HEADER_REFUSED_LINE));
    return bare;
  }
}
