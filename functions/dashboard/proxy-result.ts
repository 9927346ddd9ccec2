import type { APIGatewayProxyResult } from "aws-lambda";
import { HEADERS } from "../../contract/headers";
import type { Answer } from "./answer";
import { corsHeaders } from "./cors";

/**
 * The answer in the gateway's form, with what every answer carries: the trace id for scripts to read (D30), and nothing
 * that a cache may keep.
 *
 * @param origin the request's `Origin`
 * @param traceId bare; `undefined` when nothing was traced
 */
export function proxyResult(
  { status, headers, body }: Answer,
  origin: string | undefined,
  traceId: string | undefined,
): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...(traceId === undefined ? {} : { [HEADERS.traceId]: `Root=${traceId}` }),
      ...corsHeaders(origin),
      ...headers,
    },
    body: body === undefined ? "" : JSON.stringify(body),
    isBase64Encoded: false,
  };
}
