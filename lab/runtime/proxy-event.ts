import { randomUUID } from "node:crypto";
import { API } from "../../contract/api";
import { HEADERS } from "../../contract/headers";
import type { GatewayTrace } from "./gateway-trace";

type Lists = Readonly<Record<string, readonly string[]>>;

function grouped(pairs: readonly (readonly [name: string, value: string])[]): Lists | null {
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) lists.set(name, [...(lists.get(name) ?? []), value]);
  return lists.size === 0 ? null : Object.fromEntries(lists);
}

/** What API Gateway puts beside the lists: the last value of each. */
function last(lists: Lists | null): Readonly<Record<string, string>> | null {
  if (lists === null) return null;
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? ""]));
}

/** A request as the gateway has read it. */
export interface ProxyRequest {
  readonly method: string;
  /** Below the stage. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** As sent, in pairs of name and value. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The event API Gateway REST makes of a request to `{proxy+}` (Lambda proxy integration, payload version 1). */
export function proxyEvent({ method, path, query, headers, body }: ProxyRequest, { root }: GatewayTrace) {
  const others = headers.filter(([name]) => name.toLowerCase() !== HEADERS.traceId);
  const multiValueHeaders = grouped([...others, ["X-Amzn-Trace-Id", `Root=${root}`]]);
  const multiValueQueryStringParameters = grouped([...query]);
  return {
    resource: "/{proxy+}",
    path,
    httpMethod: method,
    headers: last(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: last(multiValueQueryStringParameters),
    multiValueQueryStringParameters,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: "123456789012",
      apiId: "lab",
      domainName: "lab.execute-api.us-east-1.amazonaws.com",
      httpMethod: method,
      path: `/${API.stage}${path}`,
      protocol: "HTTP/1.1",
      requestId: randomUUID(),
      requestTimeEpoch: Date.now(),
      resourcePath: "/{proxy+}",
      stage: API.stage,
      identity: { sourceIp: "127.0.0.1", userAgent: "lab" },
    },
    // Without binary media types the gateway takes every body for text.
    body: body.length === 0 ? null : body.toString("utf8"),
    isBase64Encoded: false,
  };
}
