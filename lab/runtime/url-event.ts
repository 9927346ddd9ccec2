/** What a client asks of a Function URL. */
export interface UrlRequest {
  readonly path: string;
  /** Without the question mark. */
  readonly query?: string;
  /** Names in any case, as a client may write them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** The event Lambda makes of a request to a Function URL (payload format 2.0, header names in lower case). */
export function urlEvent({ path, query = "", headers = {}, method = "GET" }: UrlRequest) {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    requestContext: {
      accountId: "anonymous",
      apiId: "lab",
      domainName: "lab.lambda-url.us-east-1.on.aws",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "lab" },
      routeKey: "$default",
      stage: "$default",
    },
    isBase64Encoded: false,
  };
}
