import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { CALL, METRICS_CALL, once } from "../runtime/client-options";

// Not those of functions/runtime/clients.ts: the X-Ray SDK must stay out of this function (SSE-B1, SSE-B11).

/** DynamoDB with plain JavaScript values. */
export const tables = once(() => DynamoDBDocumentClient.from(new DynamoDBClient(CALL)));

/** Reads from Secrets Manager. */
export const secretsManager = once(() => new SecretsManagerClient(CALL));

/** Writes CloudWatch metrics. */
export const cloudWatch = once(() => new CloudWatchClient(METRICS_CALL));
