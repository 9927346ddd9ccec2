import { array, fallback, looseObject, number, optional, parse, record, string, unknown } from "valibot";

/** What can be read from anything an AWS client throws. */
export interface Failure {
  /** AWS's error code, or the name of the error. */
  readonly name: string;
  /** Without line breaks, and cut when it is long. */
  readonly message: string;
  /** Code of the operating system such as `ECONNREFUSED`; empty when a server answered. */
  readonly code: string;
  /** Host that could not be reached, if the system named it. */
  readonly host: string;
  /** HTTP status; 0 without answer. */
  readonly status: number;
  /** Headers of the answer by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

const LONGEST_MESSAGE = 300;

/** What the SDK puts before an error that is not of its own realm; the code survives in the words alone. */
const WRAPPER = /^AWS SDK error wrapper for (?:\w*Error: )?/;
const SYSTEM_CODE = /^(?:connect|getaddrinfo|read|write) (E[A-Z_]+)/;

function systemCode(code: string, message: string): string {
  if (code !== "") return code;
  return message === "socket hang up" ? "ECONNRESET" : (SYSTEM_CODE.exec(message)?.[1] ?? "");
}

const text = fallback(optional(string(), ""), "");

const SHAPE = looseObject({
  name: text,
  message: text,
  code: text,
  hostname: text,
  address: text,
  errors: fallback(optional(array(unknown()), []), []),
  $metadata: fallback(optional(looseObject({ httpStatusCode: optional(number(), 0) }), {}), {
    httpStatusCode: 0,
  }),
  $response: fallback(optional(looseObject({ headers: optional(record(string(), string()), {}) }), {}), {
    headers: {},
  }),
});

/** Properties of an error, those that are inherited or hidden from enumeration included. */
function open(error: unknown): Readonly<Record<string, unknown>> {
  if (typeof error !== "object" || error === null) return { message: String(error) };
  const keys = ["name", "message", "code", "hostname", "address", "errors", "$metadata", "$response"];
  return Object.fromEntries(keys.map((key) => [key, Reflect.get(error, key)]));
}

/** Reads what an AWS client threw; nothing is assumed of it. */
export function failureOf(error: unknown): Failure {
  const read = parse(SHAPE, open(error));
  // A host with several addresses fails with one error for each, and with no words of its own.
  const [first] = read.errors;
  if (read.message === "" && first !== undefined) return failureOf(first);
  const message = read.message.replace(WRAPPER, "").replace(/\s+/g, " ").trim();
  const headers = Object.entries(read.$response.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    name: read.name,
    message: message.slice(0, LONGEST_MESSAGE),
    code: systemCode(read.code, message),
    host: read.hostname || read.address,
    status: read.$metadata.httpStatusCode,
    headers: Object.fromEntries(headers),
  };
}
