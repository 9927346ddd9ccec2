/** Why an HTTP request gave no usable answer. */
export type HttpFailure =
  | "rate-limited"
  | "unauthorized"
  | "server-error"
  | "unexpected-status"
  | "malformed"
  | "too-large"
  | "timeout"
  | "unreachable";

/** An HTTP request failed. The message has neither body nor URL: both may hold keys. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly failure: HttpFailure;
  /** Status of the answer; `undefined` when there was none. */
  readonly status: number | undefined;
  /** Milliseconds the answer asks to wait; `undefined` when it asks for nothing. */
  readonly retryAfterMs: number | undefined;

  constructor(failure: HttpFailure, host: string, detail: string, status?: number, retryAfterMs?: number) {
    super(`${host} ${detail} (${failure})`);
    this.failure = failure;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Options of {@link fetchJson} and {@link postJson}. */
export interface FetchOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the whole answer must have arrived. */
  readonly timeoutMs: number;
}

/** Bytes of an answer above which it is refused; a full page of articles has about 200 kB. */
const BODY_LIMIT = 5 * 1024 * 1024;

/** `Retry-After` is whole seconds or a date (RFC 9110 §10.2.3); anything else asks for nothing. */
function waitAsked(headers: Headers): number | undefined {
  const value = headers.get("retry-after") ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // Date.parse would find a date in almost anything, a negative number included.
  const until = value.endsWith(" GMT") ? Date.parse(value) : Number.NaN;
  return Number.isNaN(until) ? undefined : Math.max(0, until - Date.now());
}

function failureOf(status: number): HttpFailure {
  if (status === 429) return "rate-limited";
  if (status === 401 || status === 403) return "unauthorized";
  return status >= 500 ? "server-error" : "unexpected-status";
}

function refuseStatus(host: string, { status, headers }: Response): void {
  if (status >= 200 && status < 300) return;
  throw new HttpError(failureOf(status), host, `answered ${status}`, status, waitAsked(headers));
}

async function readBounded(response: Response, host: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > BODY_LIMIT) {
      throw new HttpError("too-large", host, `sent more than ${BODY_LIMIT} bytes`, response.status);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function exchange<T>(
  url: URL,
  init: RequestInit,
  timeoutMs: number,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const host = url.hostname;
  const abort = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { ...init, signal: abort, redirect: "manual" });
    try {
      refuseStatus(host, response);
      return await read(response);
    } finally {
      // Whatever was not read would keep the socket busy until the vendor gives up.
      if (!response.bodyUsed) await response.body?.cancel();
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    if (abort.aborted) throw new HttpError("timeout", host, `did not answer within ${timeoutMs} ms`);
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    throw new HttpError("unreachable", host, `could not be reached: ${reason.slice(0, 200)}`);
  }
}

/**
 * Fetches JSON with bounds on time and size. The X-Ray capture records it as one remote subsegment, without query.
 *
 * @returns the status, and the parsed JSON still to be validated
 * @throws HttpError for every failure
 */
export async function fetchJson(
  url: URL,
  { headers = {}, timeoutMs }: FetchOptions,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const host = url.hostname;
  const { status, text } = await exchange(url, { headers }, timeoutMs, async (response) => ({
    status: response.status,
    text: await readBounded(response, host),
  }));
  try {
    return { status, json: JSON.parse(text) };
  } catch {
    throw new HttpError("malformed", host, `sent ${text.length} characters that are not JSON`, status);
  }
}

/**
 * Sends JSON and reads nothing of the answer but its status, with a bound on time. The X-Ray capture records it as one
 * remote subsegment, without headers or body.
 *
 * @param json must be serializable
 * @returns the status, 200 to 299
 * @throws HttpError for every failure
 */
export async function postJson(
  url: URL,
  json: unknown,
  { headers = {}, timeoutMs }: FetchOptions,
): Promise<number> {
  const init = {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(json),
  };
  return exchange(url, init, timeoutMs, async ({ status }) => status);
}
