/** Milliseconds; without `throwOnRequestTimeout` the SDK only warns and waits on. */
function within(requestTimeout: number) {
  return { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true } as const;
}

/**
 * Fail fast: a function that waits for a dead endpoint loses the time its own error handling needs. Three attempts
 * ride out a throttle.
 */
export const CALL = { maxAttempts: 3, requestHandler: within(3000) } as const;

/** Metrics ride beside the work and must not hold it up: one retry, and no gzip of a few kilobytes. */
export const METRICS_CALL = {
  maxAttempts: 2,
  requestHandler: within(2000),
  disableRequestCompression: true,
} as const;

/** Creates on first use and never again, so that a client is captured exactly once (TRC-2). */
export function once<T>(create: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= create();
    return made;
  };
}
