/** What browsers of another origin may send and read. */
export interface Cors {
  readonly methods: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
  /** Seconds a browser may remember the answer. */
  readonly maxAgeSeconds: number;
}

/** An error the gateway answers without asking the function. */
export interface ProblemAnswer {
  /** Gateway response type, which stands for all of its class. */
  readonly kind: "DEFAULT_4XX" | "DEFAULT_5XX";
  /** Headers by name; values are literals in single quotes, as the gateway wants them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, an RFC 9457 problem. */
  readonly body: string;
}

/**
 * The gateway's own errors in the shape of the function's, readable by scripts of any origin: they hold nothing but the
 * trace id, no cookie is ever sent, and the gateway cannot compare an origin with a list (FE-1, D30).
 */
export function gatewayProblems(cors: Cors): readonly ProblemAnswer[] {
  const literal = (value: string) => `'${value}'`;
  const headers = {
    "Access-Control-Allow-Origin": literal("*"),
    "Access-Control-Allow-Methods": literal(cors.methods.join(",")),
    "Access-Control-Allow-Headers": literal(cors.requestHeaders.join(",")),
    "Access-Control-Expose-Headers": literal(cors.responseHeaders.join(",")),
    "Access-Control-Max-Age": literal(String(cors.maxAgeSeconds)),
  };
  // `messageString` is a JSON string already, quotes included. A class holds several statuses, and no variable names
  // the one that is answered, so the body leaves it to the status line.
  const body = `{"type":"about:blank","title":$context.error.messageString,"trace_id":"$context.xrayTraceId"}`;
  return [
    { kind: "DEFAULT_4XX", headers, body },
    { kind: "DEFAULT_5XX", headers, body },
  ];
}

/**
 * The line a request leaves in the access log: JSON, joined to its trace, with neither address nor query of the caller.
 * `integrationLatency` and the like are numbers or `-`, so everything is a string.
 */
export function accessLogFormat(): string {
  return JSON.stringify({
    requestId: "$context.requestId",
    xrayTraceId: "$context.xrayTraceId",
    requestTime: "$context.requestTime",
    httpMethod: "$context.httpMethod",
    path: "$context.path",
    status: "$context.status",
    responseLatency: "$context.responseLatency",
    integrationLatency: "$context.integrationLatency",
    integrationStatus: "$context.integration.status",
    responseLength: "$context.responseLength",
    errorType: "$context.error.responseType",
    integrationError: "$context.integration.error",
  });
}
