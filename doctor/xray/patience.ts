import { ConfiguredRetryStrategy } from "@smithy/core/retry";

/** How often a throttled request is sent at most. */
const THROTTLED_ATTEMPTS = 8;
/** How often a request that failed otherwise is sent at most; somebody waits at a terminal. */
const FAILED_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 20_000;

/** Milliseconds before a retry: doubling, with jitter, at most 20 s. @param attempt counted from 1 */
export function backoffMs(attempt: number): number {
  return Math.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
}

type Refreshed = ConfiguredRetryStrategy["refreshRetryTokenForRetry"];

/** Sends throttled requests again for long, and those that failed otherwise for a short time. */
export class Patience extends ConfiguredRetryStrategy {
  /** @param delayMs milliseconds before a retry, counted from 1 */
  constructor(delayMs: (attempt: number) => number = backoffMs) {
    super(THROTTLED_ATTEMPTS, delayMs);
  }

  override async refreshRetryTokenForRetry(
    token: Parameters<Refreshed>[0],
    failed: Parameters<Refreshed>[1],
  ): ReturnType<Refreshed> {
    if (failed.errorType !== "THROTTLING" && token.getRetryCount() + 1 >= FAILED_ATTEMPTS) {
      throw new RangeError("sent often enough");
    }
    return await super.refreshRetryTokenForRetry(token, failed);
  }
}
