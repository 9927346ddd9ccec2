import { setTimeout as sleep } from "node:timers/promises";
import { HEADERS, STREAM_CORS } from "../../contract/headers";
import { StreamGateway } from "../../lab/runtime/stream-gateway";
import { StreamHost } from "../../lab/runtime/stream-host";

const PAGE = "http://localhost:4000";
const ROOT = "Root=1-6b017020-eadc7c6a7c89df278e817514";
const HOLD = "/hold";

/** Says what it was invoked with; below {@link HOLD} it goes on for ever. */
const CODE = `
const { streamifyResponse, HttpResponseStream, InvokeStore } = globalThis.awslambda;
export const handler = streamifyResponse(async (event, response) => {
  const stream = HttpResponseStream.from(response, { statusCode: 200, headers: { "content-type": "text/plain" } });
  const { rawPath, rawQueryString, headers } = event;
  stream.write(JSON.stringify({ rawPath, rawQueryString, accept: headers.accept, trace: InvokeStore.getXRayTraceId() }));
  if (rawPath !== "${HOLD}") return stream.end();
  stream.write(" ");
  await new Promise((resolve) => stream.on("close", resolve));
});`;

let host: StreamHost;
let gateway: StreamGateway;

beforeAll(async () => {
  host = await StreamHost.start({ code: CODE, functionName: "echo", memoryMb: 128, variables: {} });
  gateway = await StreamGateway.start(host, [PAGE]);
});

beforeEach(() => gateway.reset());

afterAll(async () => {
  await gateway?.stop();
  await host?.stop();
});

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(gateway.url + path, { method, headers });

test("hands a request on, keeps its root, decides, and tells the trace", async () => {
  const response = await get("/a/b?x=1", {
    [HEADERS.traceId]: ROOT,
    accept: "text/event-stream",
    origin: PAGE,
  });
  const { rawPath, rawQueryString, accept, trace } = (await response.json()) as Record<string, string>;
  expect([rawPath, rawQueryString, accept]).toEqual(["/a/b", "x=1", "text/event-stream"]);
  expect(trace).toMatch(new RegExp(`^${ROOT};Parent=[0-9a-f]{16};Sampled=1$`));
  expect(response.headers.get(HEADERS.traceId)).toBe(ROOT);
  expect(response.headers.get("access-control-expose-headers")).toBe(STREAM_CORS.responseHeaders.join(","));
});

test("answers preflights of the listed origin and of no other, without invoking anything", async () => {
  const mine = await get("/", { origin: PAGE }, "OPTIONS");
  const other = await get("/", { origin: "http://localhost:4001" }, "OPTIONS");
  expect(mine.headers.get("access-control-allow-origin")).toBe(PAGE);
  expect(mine.headers.get("access-control-allow-headers")?.split(",")).toEqual(STREAM_CORS.requestHeaders);
  expect(other.headers.get("access-control-allow-origin")).toBeNull();
  expect(gateway.requests).toEqual([]);
});

test("refuses as often as planned", async () => {
  gateway.plan({ refusals: 2, retryAfterSeconds: 7 });
  const statuses = [await get("/"), await get("/"), await get("/")];
  expect(statuses.map(({ status }) => status)).toEqual([503, 503, 200]);
  expect(statuses[0]?.headers.get("retry-after")).toBe("7");
});

test("cuts what is open, and is as before", async () => {
  const open = await get(HOLD);
  gateway.cut();
  await expect(open.text()).rejects.toThrow();
  expect((await get("/")).status).toBe(200);
});

test("is gone and back again at the same address", async () => {
  const open = await get(HOLD);
  const { url } = gateway;
  await gateway.halt();
  await expect(open.text()).rejects.toThrow();
  await expect(get("/")).rejects.toThrow("fetch failed");
  await gateway.resume();
  expect(gateway.url).toBe(url);
  expect((await get("/")).status).toBe(200);
});

test("falls silent without a word", async () => {
  const open = await get(HOLD);
  gateway.silence();
  const reader = open.body?.getReader();
  await reader?.read();
  const next = await Promise.race([reader?.read().then(() => "something"), sleep(300, "nothing")]);
  expect(next).toBe("nothing");
  await reader?.cancel();
});
