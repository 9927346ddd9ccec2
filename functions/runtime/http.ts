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

  constructor(failure: HttpFailure, host: string, detail: string, status?: number) {
    super(`${host} ${detail} (${failure})`);
    this.failure = failure;
    this.status = status;
  }
}

/** Options of {@link fetchJson}. */
export interface FetchOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the whole answer must have arrived. */
  readonly timeoutMs: number;
}

/** Bytes of an answer above which it is refused; a full page of articles has about 200 kB. */
const BODY_LIMIT = 5 * 1024 * 1024;

function refuseStatus(host: string, status: number): void {
  if (status >= 200 && status < 300) return;
  const detail = `answered ${status}`;
  if (status === 429) throw new HttpError("rate-limited", host, detail, status);
  if (status === 401 || status === 403) throw new HttpError("unauthorized", host, detail, status);
  if (status >= 500) throw new HttpError("server-error", host, detail, status);
  throw new HttpError("unexpected-status", host, detail, status);
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

/**
 * Fetches JSON with bounds on time and size. The X-Ray capture records it as one remote subsegment, without query.
 *
 * @returns the status, and the parsed JSON still to be validated
 * @throws HttpError for every failure
 */
export async function fetchJson(
  url: URL,
  options: FetchOptions,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const host = url.hostname;
  const abort = AbortSignal.timeout(options.timeoutMs);
  let text: string;
  let status: number;
  try {
    const response = await fetch(url, { headers: options.headers ?? {}, signal: abort, redirect: "manual" });
    status = response.status;
    try {
      refuseStatus(host, status);
      text = await readBounded(response, host);
    } finally {
      // Whatever was not read would keep the socket busy until the vendor gives up.
      if (!response.bodyUsed) await response.body?.cancel();
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    if (abort.aborted) throw new HttpError("timeout", host, `did not answer within ${options.timeoutMs} ms`);
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    throw new HttpError("unreachable", host, `could not be reached: ${reason.slice(0, 200)}`);
  }
  try {
    return { status, json: JSON.parse(text) };
  } catch {
    throw new HttpError("malformed", host, `sent ${text.length} characters that are not JSON`, status);
  }
}
