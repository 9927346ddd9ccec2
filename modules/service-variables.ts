import { MODEL_VERSION, type VariableOf } from "../contract/environment-variables";
import { NO_ORIGIN } from "../contract/headers";
import type { Environment } from "../contract/names";
import type { ServiceKey } from "../contract/services";
import { STREAM, tokenAudience } from "../contract/streaming";
import type { Vendor } from "../contract/vendors";
import type { Storage } from "./storage";

/** What the values of the variables come from. */
export interface VariableSources {
  readonly environment: Environment;
  readonly storage: Storage;
  /** Base URLs of the news vendors. */
  readonly vendorBaseUrls: Readonly<Record<Vendor, string>>;
  /** Base URL of the mail provider. */
  readonly mailBaseUrl: string;
  /** Whom alert mails come from. */
  readonly mailFrom: string;
  /** Address of the page. */
  readonly dashboardUrl: string;
  /** Address of the stream. */
  readonly streamUrl: string;
  /** Address of the API. */
  readonly apiUrl: string;
  /** The topic the canary tells of what it finds, in the backup region. */
  readonly alertTopicArn: string;
  /** Name of the parameter the canary keeps its state in. */
  readonly stateParameter: string;
  /** Origins whose pages may use the API. */
  readonly corsOrigins: readonly string[];
  /** What measures the page. */
  readonly rum: { readonly monitorId: string; readonly identityPoolId: string; readonly sampleRate: number };
}

/** What the construct of a function fills in itself. */
type Given = "POWERTOOLS_SERVICE_NAME" | "DEPLOYMENT_VERSION";

/** The environment variables each service reads; the type holds every service to its list in the contract. */
export function serviceVariables(sources: VariableSources): {
  readonly [S in ServiceKey]: Readonly<Record<Exclude<VariableOf<S>, Given>, string>>;
} {
  const { environment, storage, vendorBaseUrls, rum } = sources;
  const ENVIRONMENT = environment;
  const DATABASE_TABLE = storage.table("items").tableName;
  const USERS_TABLE = storage.table("users").tableName;
  const TIMESERIES_TABLE = storage.table("timeseries").tableName;
  const TOKEN_SECRET_ARN = storage.secret("access-tokens").arn;
  const TOKEN_AUDIENCE = tokenAudience(environment);
  return {
    ingestion: {
      ENVIRONMENT,
      DATABASE_TABLE,
      USERS_TABLE,
      SNS_TOPIC_ARN: storage.topic("analysis-requests").arn,
      TIINGO_SECRET_ARN: storage.secret("tiingo").arn,
      FINNHUB_SECRET_ARN: storage.secret("finnhub").arn,
      TIINGO_BASE_URL: vendorBaseUrls.tiingo,
      FINNHUB_BASE_URL: vendorBaseUrls.finnhub,
      MODEL_VERSION,
    },
    analysis: {
      ENVIRONMENT,
      DATABASE_TABLE,
      TIMESERIES_TABLE,
      USERS_TABLE,
      NOTIFICATION_TOPIC_ARN: storage.topic("notifications").arn,
      MODEL_VERSION,
    },
    metrics: { ENVIRONMENT, DATABASE_TABLE },
    dashboard: {
      ENVIRONMENT,
      DATABASE_TABLE,
      USERS_TABLE,
      TIMESERIES_TABLE,
      TOKEN_SECRET_ARN,
      TOKEN_AUDIENCE,
      STREAM_URL: sources.streamUrl,
      CORS_ORIGINS: sources.corsOrigins.join(",") || NO_ORIGIN,
      RUM_MONITOR_ID: rum.monitorId,
      RUM_IDENTITY_POOL_ID: rum.identityPoolId,
      RUM_SAMPLE_RATE: String(rum.sampleRate),
    },
    notification: {
      ENVIRONMENT,
      USERS_TABLE,
      SENDGRID_SECRET_ARN: storage.secret("sendgrid").arn,
      SENDGRID_BASE_URL: sources.mailBaseUrl,
      FROM_EMAIL: sources.mailFrom,
      DASHBOARD_URL: sources.dashboardUrl,
    },
    sse: {
      ENVIRONMENT,
      DATABASE_TABLE,
      USERS_TABLE,
      TIMESERIES_TABLE,
      LEASES_TABLE: storage.table("leases").tableName,
      TOKEN_SECRET_ARN,
      TOKEN_AUDIENCE,
      SSE_POLL_INTERVAL: String(STREAM.pollIntervalSeconds),
      SSE_HEARTBEAT_INTERVAL: String(STREAM.heartbeatIntervalSeconds),
      SSE_MAX_CONNECTIONS: String(STREAM.maxConnections),
      SSE_MAX_STREAM_MS: String(STREAM.maxStreamMs),
      SSE_RETRY_MS: String(STREAM.retryMs),
    },
    canary: {
      ENVIRONMENT,
      API_URL: sources.apiUrl,
      STREAM_URL: sources.streamUrl,
      ALERT_TOPIC_ARN: sources.alertTopicArn,
      STATE_PARAMETER: sources.stateParameter,
    },
  };
}
