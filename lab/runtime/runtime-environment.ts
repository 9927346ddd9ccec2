/** What a function under a runtime client is configured with. */
export interface FunctionSettings {
  readonly functionName: string;
  readonly memoryMb: number;
  /** Environment variables the construct sets. */
  readonly variables: Readonly<Record<string, string>>;
  /** Address of the X-Ray daemon, `host:port`. */
  readonly xrayDaemon?: string;
  /** Invocations at once in the one process; only version 4 of the client knows more than one. */
  readonly concurrency?: number;
}

/** The variables Lambda sets, then the construct's. */
export function runtimeEnvironment(
  settings: FunctionSettings,
  runtimeApi: string,
  directory: string,
): Record<string, string> {
  const { functionName, memoryMb, variables, xrayDaemon, concurrency } = settings;
  return {
    PATH: process.env["PATH"] ?? "",
    TZ: ":UTC",
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "lab",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "lab",
    AWS_SECRET_ACCESS_KEY: "lab",
    AWS_SESSION_TOKEN: "lab",
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: "index.handler",
    ...(xrayDaemon === undefined ? {} : { AWS_XRAY_DAEMON_ADDRESS: xrayDaemon }),
    ...(concurrency === undefined
      ? {}
      : { AWS_LAMBDA_MAX_CONCURRENCY: String(concurrency), AWS_LAMBDA_NODEJS_WORKER_COUNT: "1" }),
    ...variables,
  };
}
