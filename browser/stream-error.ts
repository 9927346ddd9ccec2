import type { StopReason } from "./stream-state";

/** An answer that is no event stream, or an event that is too large. */
export class StreamError extends Error {
  override readonly name = "StreamError";

  /**
   * @param message for developers
   * @param reason why the stream connects no more; undefined when it does
   * @param status of the answer, if it is to blame
   * @param retryAfterMs milliseconds the server asks to wait
   */
  constructor(
    message: string,
    readonly reason?: StopReason,
    readonly status?: number,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}
