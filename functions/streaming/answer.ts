import type { Writable } from "node:stream";
import { STREAM } from "../../contract/streaming";
import { type AwsLambda, awsLambda, type Prelude } from "./awslambda";
import { Refusal } from "./refusal";
import { StreamWriter } from "./writer";

/** Milliseconds for a short answer to get out. */
const ANSWER_MS = 2000;

/** The one answer of an invocation: JSON or a stream, never both (D20). */
export class Answer {
  readonly #raw: Writable;
  readonly #lambda: AwsLambda = awsLambda();
  #begun = false;

  constructor(raw: Writable) {
    this.#raw = raw;
  }

  /** True once status and headers have been chosen. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Begins a stream. @param until when it must begin to end, milliseconds since 1970 */
  stream(headers: Readonly<Record<string, string>>, until: number): StreamWriter {
    const response = this.#begin({
      statusCode: 200,
      headers: {
        "Content-Type": "text/event-stream",
        "X-Accel-Buffering": "no",
        ...headers,
      },
    });
    return new StreamWriter(response, STREAM.drainTimeoutMs, until);
  }

  /** Answers with JSON and ends. */
  async json(
    statusCode: number,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const prelude = {
      statusCode,
      headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
    };
    const writer = new StreamWriter(this.#begin(prelude), ANSWER_MS, Number.POSITIVE_INFINITY);
    await writer.write(JSON.stringify(body));
    await writer.end(ANSWER_MS);
  }

  /** Answers an error that came before a stream began; what is no refusal is a 503, for the client can try again. */
  async refuse(error: unknown): Promise<void> {
    const { status, message, headers } = error instanceof Refusal ? error : unavailable(error);
    await this.json(status, { detail: message }, headers);
  }

  #begin(prelude: Prelude): Writable {
    this.#begun = true;
    return this.#lambda.HttpResponseStream.from(this.#raw, prelude);
  }
}

/** The refusal for what the function needs and cannot get. */
export function unavailable(cause: unknown, detail = "The stream is not available at the moment."): Refusal {
  return new Refusal(503, detail, { "Retry-After": String(STREAM.retryAfterSeconds) }, { cause });
}
