import { canaryAlertTopicName, canaryStateParameter } from "../../contract/canary";
import { FIXED_VARIABLES, MODEL_VERSION } from "../../contract/environment-variables";
import type { SecretKey } from "../../contract/secrets";
import { SERVICES, type ZipServiceKey } from "../../contract/services";
import { tokenAudience } from "../../contract/streaming";
import { tableName } from "../../contract/tables";

/** Environment every lab plays. */
export const ENVIRONMENT = "dev";

/** Key of the access tokens in a lab. */
export const SIGNING_KEY = "a signing key of at least thirty-two bytes";

/** Environment variables of every function that ships as a zip. */
export type PipelineVariables = Readonly<Record<ZipServiceKey, Readonly<Record<string, string>>>>;

/** What a lab has made and the variables name. */
export interface PipelineResources {
  readonly requestsTopicArn: string;
  readonly notificationsTopicArn: string;
  readonly tiingoUrl: string;
  readonly finnhubUrl: string;
  readonly mailUrl: string;
  readonly secretArns: Readonly<Record<SecretKey, string>>;
}

/** What the constructs would set, with a lab's addresses. */
export function pipelineVariables(made: PipelineResources): PipelineVariables {
  const common = (service: ZipServiceKey) => ({
    ...FIXED_VARIABLES,
    ENVIRONMENT,
    POWERTOOLS_SERVICE_NAME: SERVICES[service].serviceName,
    DEPLOYMENT_VERSION: "test",
  });
  const DATABASE_TABLE = tableName(ENVIRONMENT, "items");
  const USERS_TABLE = tableName(ENVIRONMENT, "users");
  const TIMESERIES_TABLE = tableName(ENVIRONMENT, "timeseries");
  return {
    ingestion: {
      ...common("ingestion"),
      DATABASE_TABLE,
      USERS_TABLE,
      SNS_TOPIC_ARN: made.requestsTopicArn,
      TIINGO_SECRET_ARN: made.secretArns.tiingo,
      FINNHUB_SECRET_ARN: made.secretArns.finnhub,
      TIINGO_BASE_URL: made.tiingoUrl,
      FINNHUB_BASE_URL: made.finnhubUrl,
      MODEL_VERSION,
    },
    analysis: {
      ...common("analysis"),
      DATABASE_TABLE,
      TIMESERIES_TABLE,
      USERS_TABLE,
      NOTIFICATION_TOPIC_ARN: made.notificationsTopicArn,
      MODEL_VERSION,
    },
    metrics: { ...common("metrics"), DATABASE_TABLE },
    dashboard: {
      ...common("dashboard"),
      DATABASE_TABLE,
      USERS_TABLE,
      TIMESERIES_TABLE,
      TOKEN_SECRET_ARN: made.secretArns["access-tokens"],
      TOKEN_AUDIENCE: tokenAudience(ENVIRONMENT),
      STREAM_URL: "http://127.0.0.1:9/",
      CORS_ORIGINS: "http://localhost:3000",
      RUM_MONITOR_ID: "00000000-0000-0000-0000-000000000000",
      RUM_IDENTITY_POOL_ID: "eu-west-1:00000000-0000-0000-0000-000000000000",
      RUM_SAMPLE_RATE: "1",
    },
    notification: {
      ...common("notification"),
      USERS_TABLE,
      SENDGRID_SECRET_ARN: made.secretArns.sendgrid,
      SENDGRID_BASE_URL: made.mailUrl,
      FROM_EMAIL: "alerts@example.com",
      DASHBOARD_URL: "http://localhost:3000",
    },
    canary: {
      ...common("canary"),
      API_URL: "http://127.0.0.1:9/",
      STREAM_URL: "http://127.0.0.1:9/",
      ALERT_TOPIC_ARN: `arn:aws:sns:eu-central-1:123456789012:${canaryAlertTopicName(ENVIRONMENT)}`,
      STATE_PARAMETER: canaryStateParameter(ENVIRONMENT),
    },
  };
}
