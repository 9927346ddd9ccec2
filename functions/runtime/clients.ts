import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { captureClient } from "./tracing";

/** Milliseconds; without `throwOnRequestTimeout` the SDK only warns and waits on. */
function within(requestTimeout: number) {
  return { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true } as const;
}

/**
 * Fail fast: a function that waits for a dead endpoint loses the time its own error handling needs. Three attempts
 * ride out a throttle.
 */
const CALL = { maxAttempts: 3, requestHandler: within(3000) } as const;

/** Metrics ride beside the work and must not hold it up: one retry, and no gzip of a few kilobytes. */
const METRICS_CALL = {
  maxAttempts: 2,
  requestHandler: within(2000),
  disableRequestCompression: true,
} as const;

/** Creates on first use and never again, so that a client is captured exactly once (TRC-2). */
function once<T>(create: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= create();
    return made;
  };
}

/** DynamoDB with plain JavaScript values; `undefined` attributes are left out. */
export const tables = /* @__PURE__ */ once(() =>
  DynamoDBDocumentClient.from(captureClient(new DynamoDBClient(CALL)), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);

/** Publishes to SNS topics. */
export const topics = /* @__PURE__ */ once(() => captureClient(new SNSClient(CALL)));

/** Reads from Secrets Manager. */
export const secretsManager = /* @__PURE__ */ once(() => captureClient(new SecretsManagerClient(CALL)));

/** Writes CloudWatch metrics. */
export const cloudWatch = /* @__PURE__ */ once(() => captureClient(new CloudWatchClient(METRICS_CALL)));
