import { randomBytes } from "node:crypto";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { HEADERS } from "../../contract/headers";
import { errorCode } from "./errors";
import { newTraceId } from "./segments";

/** A request of the canary's own and the trace it left. */
export interface Probe {
  /** Bare id: the answer's, or the one that was sent when nothing answered. */
  readonly traceId: string;
  /** Absent when it was answered with a status of 200 to 299 and ended in time. */
  readonly failure?: string;
}

/** Bytes of an answer that are read at most; nothing is kept of them. */
const ANSWER_BYTES = 1024 * 1024;
const ROOT = /Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/;

/** Reads an answer to its end. @throws Error when it is cut off or too long */
async function drain(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length;
    if (bytes > ANSWER_BYTES) throw new Error(`more than ${ANSWER_BYTES} bytes`);
  }
}

/**
 * Sends a GET whose trace is decided here, sampled and apart from the canary's own, and reads the answer to its end.
 * Never throws.
 *
 * @param now milliseconds since 1970
 * @param timeoutMs until the answer must have ended
 */
export async function probe(url: URL, now: number, timeoutMs: number): Promise<Probe> {
  const sent = newTraceId(now);
  const parent = randomBytes(8).toString("hex");
  // Spelled as the X-Ray SDK spells it, which then leaves the request alone.
  const headers = { "X-Amzn-Trace-Id": `Root=${sent};Parent=${parent};Sampled=1`, Accept: "*/*" };
  const request = url.protocol === "http:" ? plainRequest : secureRequest;
  let traceId = sent;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      request(url, { headers, signal, agent: false }, resolve).once("error", reject).end();
    });
    traceId = ROOT.exec(String(answer.headers[HEADERS.traceId] ?? ""))?.[1] ?? sent;
    await drain(answer);
    const { statusCode = 0 } = answer;
    return statusCode >= 200 && statusCode < 300 ? { traceId } : { traceId, failure: `status ${statusCode}` };
  } catch (error) {
    return { traceId, failure: `no answer (${errorCode(error)})` };
  }
}

/** A path below a base address, whether or not that ends in a slash. */
export function below(base: string, path: string): URL {
  return new URL(`${base.replace(/\/+$/, "")}${path}`);
}
