import { API, API_CORS } from "../../contract/api";
import { HEADERS } from "../../contract/headers";
import type { FunctionHost } from "../../lab/runtime/function-host";
import { gatewayTrace, lambdaHeader } from "../../lab/runtime/gateway-trace";
import { RestGateway } from "../../lab/runtime/rest-gateway";
import { startProbe } from "../support/probe";

/** Answers with the event it got and the trace header it ran under, or as the path says. */
const PROBE = `
let running = 0;
let most = 0;
export const handler = async (event) => {
  most = Math.max(most, ++running);
  await new Promise((resolve) => setTimeout(resolve, 5));
  running -= 1;
  if (event.path === "/throws") throw new Error("no answer");
  if (event.path === "/exits") process.exit(3);
  if (event.path === "/malformed") return { status: 200 };
  if (event.path === "/binary") return { statusCode: 200, body: "AAEC", isBase64Encoded: true };
  if (event.path === "/refuses") return { statusCode: 401, headers: { "WWW-Authenticate": "Bearer" }, body: "" };
  const trace = process.env._X_AMZN_TRACE_ID;
  return { statusCode: 200, headers: { "X-Own": "yes" }, body: JSON.stringify({ event, trace, most }) };
};
`;

const ROOT = "1-6717f6a1-0123456789abcdef01234567";

describe("RestGateway", () => {
  let host: FunctionHost;
  let gateway: RestGateway;

  beforeAll(async () => {
    host = await startProbe(PROBE, { xrayDaemon: "127.0.0.1:9" });
    gateway = await RestGateway.start(host);
  });

  beforeEach(() => gateway.reset());

  afterAll(async () => {
    await gateway?.stop();
    await host?.stop();
  });

  const send = (path: string, init: RequestInit = {}) => fetch(`${gateway.url}${path}`, init);

  test("hands on what the client sent, in the form of payload version 1", async () => {
    const response = await send("/a/b?one=1&two=%C3%A9&two=3", {
      method: "POST",
      headers: [
        ["X-Thing", "left"],
        ["content-type", "text/plain"],
      ],
      body: "Größe",
    });
    const { event } = (await response.json()) as { event: Record<string, unknown> };
    expect(response.headers.get("x-own")).toBe("yes");
    expect(event).toMatchObject({
      ...{ resource: "/{proxy+}", path: "/a/b", httpMethod: "POST", body: "Größe", isBase64Encoded: false },
      headers: { "X-Thing": "left", "content-type": "text/plain" },
      multiValueHeaders: { "X-Thing": ["left"] },
      queryStringParameters: { one: "1", two: "3" },
      multiValueQueryStringParameters: { one: ["1"], two: ["é", "3"] },
      requestContext: { stage: API.stage, path: `/${API.stage}/a/b`, requestId: expect.any(String) },
    });
    const bare = (await (await send("/")).json()) as { event: Record<string, unknown> };
    expect(bare.event).toMatchObject({ path: "/", body: null, multiValueQueryStringParameters: null });
  });

  test.each([
    ["a root without decision", `Root=${ROOT}`, ROOT, 1],
    ["a client that samples", `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`, ROOT, 1],
    ["a client that does not", `Root=${ROOT};Sampled=0`, ROOT, 0],
    ["an order of its own", `Sampled=0; Root=${ROOT}`, ROOT, 0],
    ["a question mark", `Root=${ROOT};Sampled=?`, ROOT, 1],
    ["no header", undefined, undefined, 1],
    ["words", "hello", undefined, 1],
    ["a root in capitals", `Root=${ROOT.toUpperCase()}`, undefined, 1],
    ["a decision without a root", "Sampled=0", undefined, 1],
  ])("FE-3 decides the trace before it invokes: %s", async (_why, header, root, sampled) => {
    const response = await send("/a", header === undefined ? {} : { headers: { [HEADERS.traceId]: header } });
    const { trace, event } = (await response.json()) as {
      trace: string;
      event: { headers: Record<string, string> };
    };
    const [, used, parent, decision] =
      /^Root=(1-[0-9a-f]{8}-[0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=([01])$/.exec(trace) ?? [];
    expect([root ?? used, decision]).toEqual([used, String(sampled)]);
    if (root === undefined) expect(used).not.toBe(ROOT);
    expect(parent).not.toBe("53995c3f42cd8ad8");
    expect(event.headers["X-Amzn-Trace-Id"]).toBe(`Root=${used}`);
    expect(event.headers).not.toHaveProperty(HEADERS.traceId);
    expect(response.headers.get(HEADERS.traceId)).toBe(`Root=${used}`);
    expect(gateway.records.at(-1)).toMatchObject({
      method: "GET",
      path: "/a",
      status: 200,
      trace: { root: used, parent },
    });
  });

  test("makes a new root of the current second", () => {
    const seconds = Number.parseInt(gatewayTrace(undefined).root.slice(2, 10), 16);
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(5);
    expect(lambdaHeader({ root: ROOT, parent: "53995c3f42cd8ad8", sampled: false })).toMatch(/Sampled=0$/);
  });

  test("lets one request wait for the other: the host is one execution environment", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, async () => (await send("/a")).json()));
    expect(answers.map((answer) => (answer as { most: number }).most)).toEqual([1, 1, 1, 1, 1]);
  });

  test("gives bytes for Base64, and keeps WWW-Authenticate for itself", async () => {
    expect(new Uint8Array(await (await send("/binary")).arrayBuffer())).toEqual(new Uint8Array([0, 1, 2]));
    const { status, headers } = await send("/refuses");
    expect([status, headers.get("www-authenticate")]).toEqual([401, null]);
    expect(headers.get("x-amzn-remapped-www-authenticate")).toBe("Bearer");
  });

  test.each([
    ["throws", () => send("/throws"), 502, "Internal server error"],
    ["answers nonsense", () => send("/malformed"), 502, "Internal server error"],
    ["ends its process", () => send("/exits"), 502, "Internal server error"],
    [
      "is not asked, for eleven megabytes",
      () => send("/a", { method: "POST", body: "x".repeat(11 * 1024 * 1024) }),
      413,
      "Request Too Long",
    ],
    [
      "is not asked, off the stage",
      () => fetch(gateway.url.replace(`/${API.stage}`, "/health")),
      403,
      "Forbidden",
    ],
  ])("FE-1 answers by itself, for pages to read, when the function %s", async (_why, ask, status, title) => {
    const response = await ask();
    const trace_id = expect.stringMatching(/^1-/);
    expect([response.status, await response.json()]).toEqual([
      status,
      { type: "about:blank", title, trace_id },
    ]);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toBe(API_CORS.responseHeaders.join(", "));
    expect(response.headers.get(HEADERS.traceId)).toMatch(/^Root=1-/);
    expect(gateway.records.map((record) => record.status)).toEqual([status]);
    // The next request finds a function again.
    expect((await send("/a")).status).toBe(200);
  });

  test("plays faults until they are forgotten", async () => {
    gateway.failWhen((method, path) => (method === "GET" && path === "/a" ? { status: 503 } : undefined));
    expect([(await send("/a")).status, (await send("/b")).status]).toEqual([503, 200]);
    expect(gateway.records.map(({ invocation }) => invocation !== undefined)).toEqual([false, true]);
    gateway.failWhen(() => ({ delayMs: 300 }));
    const started = Date.now();
    expect((await send("/a")).status).toBe(200);
    expect(Date.now() - started).toBeGreaterThanOrEqual(295);
    gateway.reset();
    expect((await send("/a")).status).toBe(200);
  });
});
