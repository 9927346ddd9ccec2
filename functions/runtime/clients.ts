import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { CALL, METRICS_CALL, once } from "./client-options";
import { captureClient } from "./tracing";

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
