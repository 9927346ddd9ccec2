import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { API, API_CORS } from "../../contract/api";
import { HEADERS } from "../../contract/headers";
import type { FunctionHost, Invocation } from "./function-host";
import { type GatewayTrace, gatewayTrace, lambdaHeader } from "./gateway-trace";
import { LoopbackServer } from "./loopback-server";
import { proxyEvent } from "./proxy-event";

/** A request that went through the gateway. */
export interface GatewayRecord {
  readonly method: string;
  /** Below the stage, without query. */
  readonly path: string;
  readonly trace: GatewayTrace;
  /** Status that was answered. */
  readonly status: number;
  /** Absent when the gateway answered by itself. */
  readonly invocation?: Invocation;
}

/** What is done to a request on purpose: a status answered in the function's place, or a pause before it is invoked. */
export type GatewayFault = { readonly status: number } | { readonly delayMs: number };

/** Decides per request; `undefined` lets it through. */
export type GatewayFaultPlan = (method: string, path: string) => GatewayFault | undefined;

/** What the integration returned, in the only form the gateway takes. */
interface ProxyResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

const ORIGIN = "http://gateway";
/** Largest request API Gateway takes, bytes. */
const PAYLOAD_LIMIT = 10 * 1024 * 1024;
const RECORDS_KEPT = 500;
const MESSAGES: Readonly<Record<number, string>> = {
  403: "Forbidden",
  413: "Request Too Long",
  429: "Too Many Requests",
};

/** Headers the gateway puts on answers of its own, so that pages can read them (FE-1). They are fixed, so for anybody. */
const OWN_HEADERS = {
  "Content-Type": "application/json",
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": API_CORS.responseHeaders.join(", "),
};

/** Plays API Gateway REST in front of one function, as an HTTP server on loopback. */
export class RestGateway {
  // Nobody is left to be answered when a client goes away in the middle of its request.
  readonly #server = new LoopbackServer((incoming, outgoing) =>
    this.#handle(incoming, outgoing).catch(() => void outgoing.destroy()),
  );
  readonly #host: Pick<FunctionHost, "invoke">;
  #records: GatewayRecord[] = [];
  #plan: GatewayFaultPlan = () => undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(host: Pick<FunctionHost, "invoke">) {
    this.#host = host;
  }

  /** Starts on a port of loopback, a free one unless told. */
  static async start(host: Pick<FunctionHost, "invoke">, port = 0): Promise<RestGateway> {
    const gateway = new RestGateway(host);
    await gateway.#server.listen(port);
    return gateway;
  }

  /** Base URL with the stage, without a slash at the end. */
  get url(): string {
    return `${this.#server.url}/${API.stage}`;
  }

  /** The latest requests, in order of their answers. */
  get records(): readonly GatewayRecord[] {
    return this.#records;
  }

  /** Replaces the fault plan. */
  failWhen(plan: GatewayFaultPlan): void {
    this.#plan = plan;
  }

  /** Forgets requests and faults. */
  reset(): void {
    this.#records = [];
    this.#plan = () => undefined;
  }

  /** Closes the server and its connections. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const target = incoming.url ?? "/";
    const url = new URL(URL.canParse(target, ORIGIN) ? target : "/", ORIGIN);
    const method = incoming.method ?? "GET";
    const trace = gatewayTrace(String(incoming.headers[HEADERS.traceId] ?? ""));
    const path = url.pathname.slice(API.stage.length + 1);
    const own = (status: number) => {
      // As modules/api-answers.ts words the gateway's own errors.
      const title = MESSAGES[status] ?? "Internal server error";
      const problem = { type: "about:blank", title, trace_id: trace.root };
      const headers = { ...OWN_HEADERS, [HEADERS.traceId]: `Root=${trace.root}` };
      outgoing.writeHead(status, headers).end(JSON.stringify(problem));
      this.#record({ method, path, trace, status });
    };
    const body = await readBody(incoming);
    if (body === undefined) return own(413);
    if (!url.pathname.startsWith(`/${API.stage}/`)) return own(403);
    const fault = this.#plan(method, path);
    if (fault !== undefined && "status" in fault) return own(fault.status);
    if (fault !== undefined) await sleep(fault.delayMs);
    const { searchParams: query } = url;
    const event = proxyEvent({ method, path, query, headers: pairs(incoming.rawHeaders), body }, trace);
    const invocation = await this.#invoke(event, lambdaHeader(trace));
    const result = invocation.result;
    if (invocation.error !== undefined || !isProxyResult(result)) return own(502);
    write(outgoing, result, trace);
    this.#record({ method, path, trace, status: result.statusCode, invocation });
  }

  /** One at a time: the host is one execution environment, and a second request would wait for a second one. */
  async #invoke(event: unknown, traceHeader: string): Promise<Invocation> {
    const turn = this.#turn.then(() => this.#host.invoke(event, { traceHeader }));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #record(record: GatewayRecord): void {
    this.#records.push(record);
    if (this.#records.length > RECORDS_KEPT) this.#records.shift();
  }
}

function pairs(raw: readonly string[]): readonly (readonly [name: string, value: string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []));
}

/** The body; `undefined` when it is larger than the gateway takes. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size <= PAYLOAD_LIMIT) chunks.push(chunk as Buffer);
  }
  return size <= PAYLOAD_LIMIT ? Buffer.concat(chunks) : undefined;
}

function isProxyResult(result: unknown): result is ProxyResult {
  if (typeof result !== "object" || result === null || !("statusCode" in result)) return false;
  const body = "body" in result ? result.body : undefined;
  return Number.isInteger(result.statusCode) && (body === undefined || typeof body === "string");
}

function write(
  outgoing: ServerResponse,
  { statusCode, headers = {}, body = "", isBase64Encoded }: ProxyResult,
  trace: GatewayTrace,
): void {
  outgoing.setHeader(HEADERS.traceId, `Root=${trace.root}`);
  for (const [name, value] of Object.entries(headers)) {
    // API Gateway keeps this header for itself and renames an integration's.
    const kept = name.toLowerCase() === "www-authenticate" ? `x-amzn-remapped-${name.toLowerCase()}` : name;
    outgoing.setHeader(kept, value);
  }
  outgoing.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded === true ? "base64" : "utf8"));
}
