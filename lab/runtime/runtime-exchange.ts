import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodyChunk } from "./streamed-answer";

/** How the caller at the far end of a stream behaves. */
export type Caller =
  | { readonly kind: "reads" }
  /** Stops reading after so many bytes and keeps the connection open. */
  | { readonly kind: "stalls"; readonly afterBytes: number }
  /** Closes the connection after so many bytes. */
  | { readonly kind: "vanishes"; readonly afterBytes: number };

/** How the response to an invocation ended. */
export type EndKind =
  /** A whole answer at once. */
  | "buffered"
  /** A stream that was ended. */
  | "streamed"
  /** A stream that ended with error trailers. */
  | "stream-failed"
  /** An error instead of an answer. */
  | "failed"
  /** The caller closed the connection. */
  | "vanished"
  /** The function's process closed the connection. */
  | "cut"
  /** The deadline passed. */
  | "timed-out"
  /** The process ended before it answered. */
  | "exited";

/** An error as the runtime client reports it. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage?: string;
}

/** What came back for one invocation. */
export interface Answer {
  readonly end: EndKind;
  /** Milliseconds since the epoch at which the answer was complete. */
  readonly endedAt: number;
  readonly contentType: string;
  readonly chunks: readonly BodyChunk[];
  /** Trailers of a stream, names in lower case. */
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly error?: ReportedError;
}

/** Names of the trailers by which a stream reports an error, in lower case. */
const ERROR_TYPE = "lambda-runtime-function-error-type";
const ERROR_BODY = "lambda-runtime-function-error-body";

/**
 * Reads the answer a runtime client posts, as the caller given would.
 *
 * @param chunks where the body is put as it comes, so that a caller that never finishes leaves what it had
 */
export async function readAnswer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  caller: Caller,
  chunks: BodyChunk[],
): Promise<Answer> {
  const streaming = incoming.headers["lambda-runtime-function-response-mode"] === "streaming";
  let received = 0;
  const end = await new Promise<EndKind>((resolve) => {
    incoming.on("data", (bytes: Buffer) => {
      chunks.push({ at: Date.now(), bytes });
      received += bytes.length;
      if (caller.kind === "reads" || received < caller.afterBytes) return;
      if (caller.kind === "stalls") {
        incoming.pause();
        return;
      }
      resolve("vanished");
      incoming.socket.destroy();
    });
    incoming.once("end", () => resolve(streaming ? "streamed" : "buffered"));
    incoming.once("close", () => resolve("cut"));
    incoming.once("error", () => resolve("cut"));
  });
  const endedAt = Date.now();
  if (end !== "cut" && end !== "vanished") outgoing.writeHead(202).end();
  const trailers = incoming.trailers;
  const error = streaming ? trailerError(trailers) : undefined;
  return {
    end: error === undefined ? end : "stream-failed",
    endedAt,
    contentType: incoming.headers["content-type"] ?? "",
    chunks,
    trailers,
    ...(error === undefined ? {} : { error }),
  };
}

function trailerError(trailers: Readonly<Record<string, string | undefined>>): ReportedError | undefined {
  const errorType = trailers[ERROR_TYPE];
  if (errorType === undefined) return undefined;
  const body = Buffer.from(trailers[ERROR_BODY] ?? "", "base64").toString("utf8");
  return parseError(body) ?? { errorType };
}

/** Parses an error a runtime client reports; `undefined` when it is not JSON of that shape. */
export function parseError(body: string): ReportedError | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== "object" || parsed === null || !("errorType" in parsed)) return undefined;
    return parsed as ReportedError;
  } catch {
    return undefined;
  }
}
