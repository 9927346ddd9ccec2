import { MODEL_VERSION, type VariableOf } from "../contract/environment-variables";
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
}

/** What the construct of a function fills in itself. */
type Given = "POWERTOOLS_SERVICE_NAME" | "DEPLOYMENT_VERSION";

/** The environment variables each service reads; the type holds every service to its list in the contract. */
export function serviceVariables({ environment, storage, vendorBaseUrls }: VariableSources): {
  readonly [S in ServiceKey]: Readonly<Record<Exclude<VariableOf<S>, Given>, string>>;
} {
  const ENVIRONMENT = environment;
  const DATABASE_TABLE = storage.table("items").tableName;
  const USERS_TABLE = storage.table("users").tableName;
  const TIMESERIES_TABLE = storage.table("timeseries").tableName;
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
    analysis: { ENVIRONMENT, DATABASE_TABLE, TIMESERIES_TABLE, MODEL_VERSION },
    metrics: { ENVIRONMENT, DATABASE_TABLE },
    sse: {
      ENVIRONMENT,
      DATABASE_TABLE,
      USERS_TABLE,
      TIMESERIES_TABLE,
      LEASES_TABLE: storage.table("leases").tableName,
      TOKEN_SECRET_ARN: storage.secret("access-tokens").arn,
      TOKEN_AUDIENCE: tokenAudience(environment),
      SSE_POLL_INTERVAL: String(STREAM.pollIntervalSeconds),
      SSE_HEARTBEAT_INTERVAL: String(STREAM.heartbeatIntervalSeconds),
      SSE_MAX_CONNECTIONS: String(STREAM.maxConnections),
      SSE_MAX_STREAM_MS: String(STREAM.maxStreamMs),
      SSE_RETRY_MS: String(STREAM.retryMs),
    },
  };
}
