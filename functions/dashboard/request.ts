import { boolean, custom, type InferOutput, nullish, object, optional, safeParse, string } from "valibot";
import { API } from "../../contract/api";
import { Problem } from "./problem";

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Not Valibot's `record`, which drops names like `__proto__`: a parameter nobody knows must be refused, not missed. */
function byName<T>(isValue: (value: unknown) => value is T) {
  return custom<Readonly<Record<string, T>>>(
    (value) => typeof value === "object" && value !== null && Object.values(value).every(isValue),
  );
}

/** The parts of an event of API Gateway REST, payload version 1, that are read; other events lack some of them. */
const ProxyEvent = object({
  resource: string(),
  httpMethod: string(),
  path: string(),
  headers: nullish(byName(isText)),
  multiValueQueryStringParameters: nullish(
    byName((value): value is readonly string[] => Array.isArray(value) && value.every(isText)),
  ),
  requestContext: object({ requestId: string(), stage: string() }),
  body: nullish(string()),
  isBase64Encoded: optional(boolean(), false),
});

/** A request as the gateway hands it on; everything in it is the client's. */
export interface ApiRequest {
  readonly method: string;
  /** Below the stage, not decoded. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** `undefined` when there is none. */
  readonly body: Buffer | undefined;
}

/** A request whose body has not been looked at. */
export interface GatewayRequest extends Omit<ApiRequest, "body"> {
  /** @throws Problem `too-large` */
  readonly readBody: () => ApiRequest["body"];
}

function bodyOf({ body, isBase64Encoded }: InferOutput<typeof ProxyEvent>): Buffer | undefined {
  if (body === undefined || body === null || body === "") return undefined;
  // Four characters of Base64 are three bytes; any other character is one byte at least.
  const least = isBase64Encoded ? Math.floor((body.length * 3) / 4) - 2 : body.length;
  const bytes = least > API.bodyBytes ? undefined : Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes !== undefined && bytes.length <= API.bodyBytes) return bytes;
  throw new Problem("too-large", `A body may have ${API.bodyBytes} bytes.`);
}

/**
 * Reads an event of API Gateway REST, and nothing else: the function has no other front door (application §6).
 *
 * @throws Problem `invalid-event`
 */
export function readRequest(event: unknown): GatewayRequest {
  const parsed = safeParse(ProxyEvent, event);
  if (!parsed.success) {
    throw new Problem("invalid-event", "Send requests through the API's own address.");
  }
  const { httpMethod, path, headers, multiValueQueryStringParameters: query } = parsed.output;
  return {
    method: httpMethod,
    path,
    headers: new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    query: new Map(Object.entries(query ?? {})),
    readBody: () => bodyOf(parsed.output),
  };
}
