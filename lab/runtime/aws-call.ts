import type { IncomingMessage, ServerResponse } from "node:http";
import { restOperation } from "./rest-operations";

/** One AWS request as it went over the wire. */
export interface AwsCall {
  /** Signing name of the service, for example `dynamodb` or `monitoring`. */
  readonly service: string;
  /** For example `PutItem`; method and path of a REST request whose operation is not known to the lab. */
  readonly operation: string;
  /** The parsed body: JSON, or the fields of a form; of REST requests also what the path names. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Status that was answered. */
  readonly status: number;
}

/** A fault answered in place of the emulator. */
export interface AwsFault {
  /** HTTP status. */
  readonly status: number;
  /** AWS error code, for example `ThrottlingException`. */
  readonly code: string;
  readonly message: string;
}

const FORM = "application/x-www-form-urlencoded";

function jsonOf(body: string): Record<string, unknown> {
  // REST bodies may be anything, an object for S3 for example.
  if (!body.startsWith("{")) return {};
  return JSON.parse(body) as Record<string, unknown>;
}

/** Reads service, operation and input off a request, whichever of AWS's protocols it speaks. */
export function describeCall(incoming: IncomingMessage, body: string): Omit<AwsCall, "status"> {
  const { headers, method = "GET", url: target = "/" } = incoming;
  const service =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "unknown";
  const asked = headers["x-amz-target"];
  if (typeof asked === "string") {
    const operation = asked.slice(asked.lastIndexOf(".") + 1);
    return { service, operation, headers, input: JSON.parse(body || "{}") as Record<string, unknown> };
  }
  if ((headers["content-type"] ?? "").startsWith(FORM)) {
    const form = Object.fromEntries(new URLSearchParams(body));
    return { service, operation: form["Action"] ?? "unknown", headers, input: form };
  }
  const { operation, input } = restOperation({ service, method, target });
  const fields = service === "s3" ? {} : jsonOf(body);
  return { service, operation, headers, input: { ...fields, ...input } };
}

/** The content type of an answer to a request. */
export function answerType(incoming: IncomingMessage): string {
  const asked = incoming.headers["content-type"] ?? "application/json";
  return asked.startsWith(FORM) ? "text/xml" : asked;
}

/** Answers an error as the service of the call would word it. */
export function answerFault(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  service: string,
  { status, code, message }: AwsFault,
): void {
  const inside = `<Code>${code}</Code><Message>${message}</Message>`;
  if (service === "s3") {
    const hasBody = incoming.method !== "HEAD";
    outgoing.writeHead(status, { "content-type": "application/xml" });
    outgoing.end(hasBody ? `<Error>${inside}<RequestId>lab</RequestId></Error>` : undefined);
    return;
  }
  const type = answerType(incoming);
  if (type === "text/xml") {
    outgoing.writeHead(status, { "content-type": type });
    const side = status < 500 ? "Sender" : "Receiver";
    const error = `<Error><Type>${side}</Type>${inside}</Error>`;
    outgoing.end(`<ErrorResponse>${error}<RequestId>lab</RequestId></ErrorResponse>`);
    return;
  }
  outgoing.writeHead(status, { "content-type": type, "x-amzn-errortype": code });
  outgoing.end(JSON.stringify({ __type: code, message }));
}
