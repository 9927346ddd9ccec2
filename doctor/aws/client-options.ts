/** Milliseconds a connection may take. */
const CONNECT_MS = 3000;
/** Milliseconds one answer may take; with one repetition a call ends in less than ten seconds. */
const ANSWER_MS = 4000;

/**
 * Options every AWS client of an operator's command is made with. Endpoint, profile and credentials are the SDK's own
 * (`AWS_ENDPOINT_URL`, `AWS_PROFILE` and so on).
 *
 * @param region of `--region`; the SDK's own when `undefined`
 */
export function clientOptions(region: string | undefined) {
  return {
    ...(region === undefined ? {} : { region }),
    maxAttempts: 2,
    // Without `throwOnRequestTimeout` the SDK only warns and waits on.
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
  };
}
