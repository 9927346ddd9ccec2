import { API, API_CORS } from "../../contract/api";
import { HEADERS } from "../../contract/headers";
import { judgeAnnotations } from "../../doctor/gates/annotations";
import { judgeStructure } from "../../doctor/gates/structure";
import type { AwsFault, FaultPlan } from "../../lab/runtime/aws-gateway";
import { tracesUnder } from "../doctor/gates/documents";
import { describeApi, type Received } from "../support/api-lab";
import { ancestors, onlySegment, orphans } from "../support/observed";

const ORIGIN = "http://localhost:3000";
const ROOT = "1-6717f6a1-0123456789abcdef01234567";

const denied: AwsFault = { status: 400, code: "AccessDeniedException", message: "the secret of the house" };
const throttled: AwsFault = {
  status: 400,
  code: "ProvisionedThroughputExceededException",
  message: "too fast",
};

const on =
  (operation: string, fault: AwsFault | "hang"): FaultPlan =>
  (call) =>
    call.operation === operation ? fault : undefined;

describeApi("what the API tells of its requests", (lab) => {
  let token = "";

  beforeAll(async () => {
    token = await lab().session();
  });

  const list = (headers: Readonly<Record<string, string>> = {}): Promise<Received> =>
    lab().send("GET", "/api/v2/configurations", { token, headers });
  const create = (): Promise<Received> =>
    lab().send("POST", "/api/v2/configurations", {
      token,
      body: { name: "Tech", tickers: [{ symbol: "A" }] },
    });

  test("D31 an error nobody foresaw is a 500 that says nothing, and a fault that says it all", async () => {
    lab().pipeline.gateway.failWhen(on("Query", denied));
    const { status, json, text } = await list();
    expect([status, json["type"]]).toEqual([500, "urn:sentiment:problem:internal"]);
    expect(text).not.toMatch(/AccessDenied|secret of the house|dev-sentiment/);
    expect(await lab().routeSegment()).toMatchObject({
      fault: true,
      cause: { exceptions: [{ type: "AccessDeniedException", message: "the secret of the house" }] },
      annotations: {
        ...{ Service: "sentiment-analyzer-dashboard", ColdStart: expect.any(Boolean) },
        ...{ http_route: "/api/v2/configurations", http_method: "GET", http_status: 500 },
      },
    });
    expect(lab().line).toMatchObject({
      ...{ level: "ERROR", route: "/api/v2/configurations", method: "GET", status: 500 },
      exception: { name: "AccessDeniedException" },
    });
  });

  test("D31 ADR-0007 a failed request is an answer, not a failed invocation", async () => {
    lab().pipeline.gateway.failWhen(on("Query", denied));
    await list();
    expect(lab().last.invocation).toMatchObject({ result: { statusCode: 500 } });
    expect(lab().last.invocation?.error).toBeUndefined();
  });

  test("D31 a table that does not answer makes the API unhealthy", async () => {
    lab().pipeline.gateway.failWhen(on("GetItem", denied));
    const { status, json, headers } = await lab().send("GET", "/health");
    expect(headers.get("retry-after")).toBe(String(API.retryAfterSeconds));
    expect([status, json["type"]]).toEqual([503, "urn:sentiment:problem:unavailable"]);
    const segment = await lab().routeSegment();
    expect(segment).toMatchObject({ fault: true, annotations: { http_route: "/health", http_status: 503 } });
    expect(segment.cause?.exceptions[0]?.type).toBe("AccessDeniedException");
  });

  test("D31 a reader of a throttled table gets a 503 with a time to wait", async () => {
    lab().pipeline.gateway.failWhen(on("Query", throttled));
    const { status, headers } = await list();
    expect([status, headers.get("retry-after")]).toEqual([503, String(API.retryAfterSeconds)]);
    expect((await lab().routeSegment()).fault).toBe(true);
  });

  test("a writer to a throttled table gets a 429 with a time to wait, which is a throttle and no fault", async () => {
    lab().pipeline.gateway.failWhen(on("PutItem", throttled));
    const { status, headers, json } = await create();
    expect([status, headers.get("retry-after")]).toEqual([429, String(API.retryAfterSeconds)]);
    expect(json["type"]).toBe("urn:sentiment:problem:throttled");
    const { fault, error, throttle } = await lab().routeSegment();
    expect({ fault, error, throttle }).toEqual({ error: true, throttle: true });
    expect(lab().line).toMatchObject({ level: "WARN", status: 429 });
  });

  test("D31 a table that never answers ends in a 503 before the gateway's patience", async () => {
    lab().pipeline.gateway.failWhen(on("Query", "hang"));
    const started = Date.now();
    expect((await list()).status).toBe(503);
    expect(Date.now() - started).toBeLessThan(25_000);
  });

  test("TRC-5 DAT-1 an error of a megabyte leaves a document the daemon takes", async () => {
    lab().pipeline.gateway.failWhen(on("Query", { ...denied, message: "x".repeat(1024 * 1024) }));
    expect((await list()).status).toBe(500);
    await lab().pipeline.daemon.settled();
    expect(Math.max(...lab().pipeline.daemon.sizes)).toBeLessThan(64 * 1024);
    expect((await lab().routeSegment()).metadata).toBeUndefined();
  });

  test("one trace id joins the page's request, the function's subsegments, its log and its calls of DynamoDB", async () => {
    const { headers } = await list({ [HEADERS.traceId]: `Root=${ROOT}` });
    expect(headers.get(HEADERS.traceId)).toBe(`Root=${ROOT}`);
    const documents = await lab().pipeline.daemon.settled();
    expect([...new Set(documents.map(({ trace_id }) => trace_id))]).toEqual([ROOT]);
    expect(orphans(documents, [lab().last.trace.parent])).toEqual([]);
    const calls = documents.filter(({ namespace }) => namespace === "aws");
    expect(calls.map((call) => [call.aws?.operation, ...ancestors(call, documents)])).toEqual([
      ["GetItem", "handle_route"],
      ["Query", "handle_route"],
    ]);
    const sent = lab().pipeline.gateway.calls.map((call) => String(call.headers[HEADERS.traceId]));
    expect(sent.map((header) => /Root=([^;]+)/.exec(header)?.[1])).toEqual([ROOT, ROOT]);
    expect(sent.map((header) => /Parent=([^;]+)/.exec(header)?.[1])).toEqual(calls.map(({ id }) => id));
    expect(lab().line).toMatchObject({ xray_trace_id: ROOT, route: "/api/v2/configurations", status: 200 });
  });

  test("D31 a healthy request has one route subsegment without fault or error", async () => {
    await lab().send("GET", "/api/v2/timeseries/AAPL");
    const segment = onlySegment(await lab().pipeline.daemon.settled(), "handle_route");
    expect([segment.fault, segment.error]).toEqual([undefined, undefined]);
    expect(segment.annotations).toMatchObject({
      ...{
        http_route: "/api/v2/timeseries/{ticker}",
        http_method: "GET",
        http_status: 200,
        cache_hit: false,
      },
    });
  });

  test("DEP-2 the figures of the front page are a trace that passes the release gates", async () => {
    await lab().send("GET", "/api/v2/metrics", { token });
    const documents = await lab().pipeline.daemon.settled();
    const traces = tracesUnder("dev-sentiment-dashboard", lab().last.trace.parent, documents);
    for (const judge of [judgeStructure, judgeAnnotations]) {
      const own = judge("dev", traces).find(({ what }) => what.endsWith("dashboard"));
      expect(own).toMatchObject({ verdict: "passed" });
    }
  });

  test("a request that is not sampled leaves no document and still has its trace id", async () => {
    const { status, headers } = await list({ [HEADERS.traceId]: `Root=${ROOT};Sampled=0` });
    expect([status, headers.get(HEADERS.traceId)]).toEqual([200, `Root=${ROOT}`]);
    expect(await lab().pipeline.daemon.settled()).toEqual([]);
  });

  test("an invocation without a trace header is answered all the same", async () => {
    const event = {
      ...{ resource: "/{proxy+}", httpMethod: "GET", path: "/api/v2/runtime", headers: null },
      ...{
        multiValueQueryStringParameters: null,
        body: null,
        requestContext: { requestId: "1", stage: API.stage },
      },
    };
    const { result, error } = await lab().host.invoke(event, { traceHeader: null });
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ statusCode: 200 });
  });

  test("neither token nor body nor query of a request appears in log or trace", async () => {
    const markers = ["perchance", "SECRETS"];
    const body = { name: "perchance", tickers: [{ symbol: "SECRETS" }] };
    await lab().send("POST", "/api/v2/configurations", { token, body });
    await lab().send("GET", "/api/v2/articles?tags=SECRETS", { token });
    await lab().send("GET", "/api/v2/timeseries/SECRETS?start=2026-01-01T00:00:00Z");
    const lines = lab().gateway.records.flatMap(({ invocation }) => invocation?.lines ?? []);
    expect(lines.length).toBeGreaterThanOrEqual(3);
    const seen = JSON.stringify([lines, await lab().pipeline.daemon.settled()]);
    for (const marker of [...markers, token, "2026-01-01"]) expect(seen).not.toContain(marker);
  });

  describe("to pages of other origins (D30 FE-1 FE-2)", () => {
    const exposed = API_CORS.responseHeaders.join(", ");
    const requests: readonly (readonly [string, () => Promise<Received>, number])[] = [
      ["an answer", () => list({ origin: ORIGIN }), 200],
      ["a 401", () => lab().send("GET", "/api/v2/alerts", { headers: { origin: ORIGIN } }), 401],
      ["a 404", () => lab().send("GET", "/nowhere", { headers: { origin: ORIGIN } }), 404],
      ["a 405", () => lab().send("DELETE", "/health", { headers: { origin: ORIGIN } }), 405],
      [
        "a 413",
        () => lab().send("POST", "/api/v2/alerts", { body: "x".repeat(20_000), headers: { origin: ORIGIN } }),
        413,
      ],
    ];

    test.each(requests)(
      "D30 a page of a listed origin reads the trace id of %s",
      async (_what, send, expected) => {
        const { status, headers } = await send();
        expect(status).toBe(expected);
        expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
        expect(headers.get("access-control-expose-headers")).toBe(exposed);
        expect(headers.get("vary")).toBe("Origin");
        const trace = { [HEADERS.traceId]: `Root=${lab().last.trace.root}` };
        expect(headers.get(HEADERS.traceId)).toBe(trace[HEADERS.traceId]);
        // From the function: the lab's gateway would add it, and whether API Gateway does is for AWS to show.
        expect(lab().last.invocation?.result).toMatchObject({ headers: trace });
        expect(headers.get("access-control-allow-credentials")).toBeNull();
        expect(headers.get("cache-control")).toBe("no-store");
        expect(headers.get("x-content-type-options")).toBe("nosniff");
      },
    );

    test("D30 and of a 500", async () => {
      lab().pipeline.gateway.failWhen(on("Query", denied));
      const { status, headers } = await list({ origin: ORIGIN });
      expect([status, headers.get("access-control-expose-headers")]).toEqual([500, exposed]);
      expect(headers.get(HEADERS.traceId)).toBe(`Root=${lab().last.trace.root}`);
    });

    test("FE-1 FE-2 a preflight allows the contract's methods and headers, and may be remembered", async () => {
      const { status, headers, text } = await lab().send("OPTIONS", "/api/v2/configurations/some-id", {
        headers: { origin: ORIGIN, "access-control-request-method": "PATCH" },
      });
      expect([status, text]).toEqual([204, ""]);
      expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
      expect(headers.get("access-control-allow-methods")).toBe(API_CORS.methods.join(", "));
      expect(headers.get("access-control-allow-headers")).toBe(API_CORS.requestHeaders.join(", "));
      expect(headers.get("access-control-max-age")).toBe("7200");
      expect((await lab().routeSegment()).annotations).toMatchObject({
        ...{ http_route: "/api/v2/configurations/{id}", http_method: "OPTIONS", http_status: 204 },
      });
    });

    test.each(["http://localhost:3001", "https://localhost:3000", `${ORIGIN}.evil.example`, "null", "*"])(
      "FE-1 a page of %s is told nothing",
      async (origin) => {
        for (const method of ["GET", "OPTIONS"]) {
          const { headers } = await lab().send(method, "/api/v2/runtime", { headers: { origin } });
          expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
          expect(headers.get("vary")).toBe("Origin");
        }
      },
    );
  });
});
