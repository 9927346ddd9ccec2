import { FIXED_VARIABLES } from "../../contract/environment-variables";
import { SERVICES } from "../../contract/services";
import { STREAM, tokenAudience } from "../../contract/streaming";
import { tableName } from "../../contract/tables";

/** The environment the lab plays. */
export const LAB_ENVIRONMENT = "dev";

/** How the page is monitored; the rate is 0 where nobody does. */
export interface LabMonitor {
  /** Share of page views that report, 0 to 1. */
  readonly sampleRate: number;
}

type Variables = Readonly<Record<string, string>>;

function common(service: "dashboard" | "sse"): Variables {
  return {
    ...FIXED_VARIABLES,
    ENVIRONMENT: LAB_ENVIRONMENT,
    POWERTOOLS_SERVICE_NAME: SERVICES[service].serviceName,
    DEPLOYMENT_VERSION: "lab",
    DATABASE_TABLE: tableName(LAB_ENVIRONMENT, "items"),
    USERS_TABLE: tableName(LAB_ENVIRONMENT, "users"),
    TIMESERIES_TABLE: tableName(LAB_ENVIRONMENT, "timeseries"),
    TOKEN_AUDIENCE: tokenAudience(LAB_ENVIRONMENT),
  };
}

/** What the construct would set on the dashboard function. */
export function dashboardVariables(made: {
  readonly secretArn: string;
  readonly streamUrl: string;
  readonly origin: string;
  readonly monitor: LabMonitor;
}): Variables {
  return {
    ...common("dashboard"),
    TOKEN_SECRET_ARN: made.secretArn,
    STREAM_URL: made.streamUrl,
    CORS_ORIGINS: made.origin,
    RUM_MONITOR_ID: "00000000-0000-4000-8000-000000000000",
    RUM_IDENTITY_POOL_ID: "us-east-1:00000000-0000-4000-8000-000000000000",
    RUM_SAMPLE_RATE: String(made.monitor.sampleRate),
  };
}

/** What the construct would set on the streaming function; polls are two seconds apart, for somebody watches. */
export function streamVariables(made: {
  readonly secretArn: string;
  readonly collectorUrl: string;
  readonly awsUrl: string;
}): Variables {
  return {
    ...common("sse"),
    LEASES_TABLE: tableName(LAB_ENVIRONMENT, "leases"),
    TOKEN_SECRET_ARN: made.secretArn,
    SSE_POLL_INTERVAL: "2",
    SSE_HEARTBEAT_INTERVAL: String(STREAM.heartbeatIntervalSeconds),
    SSE_MAX_CONNECTIONS: String(STREAM.maxConnections),
    SSE_MAX_STREAM_MS: String(STREAM.maxStreamMs),
    SSE_RETRY_MS: String(STREAM.retryMs),
    OTEL_SERVICE_NAME: SERVICES.sse.serviceName,
    OTEL_EXPORTER_OTLP_ENDPOINT: made.collectorUrl,
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2000",
    OTEL_SDK_DISABLED: "false",
    AWS_ENDPOINT_URL: made.awsUrl,
  };
}
