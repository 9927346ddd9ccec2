import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { API, API_CORS, API_ROUTES } from "../../contract/api";
import { PROBLEM_MEDIA_TYPE, type ProblemKey, problemType } from "../../contract/problems";
import { tokenAudience } from "../../contract/streaming";
import { sessionUser } from "../../functions/runtime/access-token";
import { gatewayTrace } from "../../lab/runtime/gateway-trace";
import { proxyEvent } from "../../lab/runtime/proxy-event";
import { urlEvent } from "../../lab/runtime/url-event";
import { describeApi, type Received } from "../support/api-lab";
import { ALERTS, BAD_REQUESTS, CONFIGURATIONS, MARKER, RULE } from "../support/bad-requests";
import { onlySegment } from "../support/observed";
import { ENVIRONMENT, SIGNING_KEY } from "../support/pipeline-variables";
import { accessToken } from "../support/stream-seeds";

const aud = tokenAudience(ENVIRONMENT);
const now = Math.floor(Date.now() / 1000);

describeApi("what the API refuses", (lab) => {
  let token = "";

  beforeAll(async () => {
    token = await lab().session();
  });

  function expectProblem({ status, headers, json, text }: Received, key: ProblemKey): void {
    expect([json["type"], json["status"]]).toEqual([problemType(key), status]);
    expect(headers.get("content-type")).toBe(PROBLEM_MEDIA_TYPE);
    expect(json["trace_id"]).toBe(lab().last.trace.root);
    expect(text).not.toContain(MARKER);
  }

  test.each(BAD_REQUESTS)("bad input: %s", async (_why, method, path, sent, problem, detail) => {
    const received = await lab().send(method, path, { token, ...sent });
    expect(received.json["detail"]).toMatch(detail);
    expectProblem(received, problem);
    const { lines = [], error } = lab().last.invocation ?? {};
    expect(error).toBeUndefined();
    expect(lines.join("\n")).not.toContain(MARKER);
    const documents = await lab().pipeline.daemon.settled();
    expect(JSON.stringify(documents)).not.toContain(MARKER);
    const annotations = { http_status: received.status };
    expect(onlySegment(documents, "handle_route")).toMatchObject({ error: true, annotations });
  });

  test("what is refused writes nothing", async () => {
    const rows = await lab().pipeline.scan("users");
    expect(rows.map(({ SK }) => SK)).toEqual(["PROFILE"]);
  });

  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${accessToken("x", { aud }, SIGNING_KEY).split(".")[1]}.`;
  test.each([
    ["none", undefined],
    ["an empty one", ""],
    ["another scheme", "Basic eDp5"],
    ["two", `Bearer ${randomUUID()}, Bearer ${randomUUID()}`],
    ["a session that never was", `Bearer ${randomUUID()}`],
    ["words", `Bearer ${MARKER}`],
    ["ten thousand characters", `Bearer ${"a".repeat(10_000)}`],
    ["a JWT without signature", `Bearer ${unsigned}`],
    ["a JWT with another key", `Bearer ${accessToken("x", { aud }, `${SIGNING_KEY}!`)}`],
    ["a JWT that has expired", `Bearer ${accessToken("x", { aud, exp: now - 3600 }, SIGNING_KEY)}`],
    ["a JWT that is not valid yet", `Bearer ${accessToken("x", { aud, nbf: now + 3600 }, SIGNING_KEY)}`],
    ["a JWT for another audience", `Bearer ${accessToken("x", { aud: "prod-sentiment" }, SIGNING_KEY)}`],
    ["a JWT of another issuer", `Bearer ${accessToken("x", { aud, iss: MARKER }, SIGNING_KEY)}`],
    ["a JWT without roles", `Bearer ${accessToken("x", { aud, roles: undefined }, SIGNING_KEY)}`],
    ["a JWT that reaches other rows", `Bearer ${accessToken("x#CONFIG", { aud }, SIGNING_KEY)}`],
  ])("D19 401 for a token: %s", async (_why, authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const received = await lab().send("GET", CONFIGURATIONS, { headers });
    expect(received.status).toBe(401);
    expectProblem(received, "unauthorized");
    const { result } = lab().last.invocation ?? {};
    expect(result).toMatchObject({ headers: { "WWW-Authenticate": "Bearer" } });
    // API Gateway keeps WWW-Authenticate for itself.
    expect(received.headers.get("x-amzn-remapped-www-authenticate")).toBe("Bearer");
    const seen = JSON.stringify([lab().last.invocation?.lines, await lab().pipeline.daemon.settled()]);
    if (authorization) expect(seen).not.toContain(authorization.slice(7));
    expect(seen).not.toContain(MARKER);
  });

  test("D19 a session that has expired is refused although its row is still there", async () => {
    const id = randomUUID();
    const row = { PK: `USER#${sessionUser(id)}`, SK: "PROFILE", entity_type: "USER" };
    await lab().pipeline.put("users", { ...row, ttl_timestamp: now - 10 });
    expect((await lab().send("GET", ALERTS, { token: id })).status).toBe(401);
    await lab().pipeline.put("users", { ...row, ttl_timestamp: now + 3600 });
    expect((await lab().send("GET", ALERTS, { token: id })).status).toBe(200);
  });

  test.each([
    ["a Function URL's", urlEvent({ path: "/health" })],
    [
      "a load balancer's",
      { httpMethod: "GET", path: "/health", headers: {}, requestContext: { elb: {} }, body: "" },
    ],
    ["a schedule's", { source: "aws.events", "detail-type": "Scheduled Event" }],
    ["an empty one", {}],
    ["none", null],
    ["a text", MARKER],
  ])("400 for an event: %s", async (_why, event) => {
    const { result, error, lines } = await lab().host.invoke(event);
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ statusCode: 400, headers: { "Content-Type": PROBLEM_MEDIA_TYPE } });
    expect(JSON.stringify([result, lines])).not.toContain(MARKER);
    const { annotations } = await lab().routeSegment();
    expect(annotations).toMatchObject({ http_route: "unmatched", http_method: "other", http_status: 400 });
  });

  test.each([
    ["sound JSON", Buffer.from(JSON.stringify(RULE)), 201],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ["too many bytes", Buffer.alloc(API.bodyBytes + 1, 32), 413],
    ["a megabyte", Buffer.alloc(1024 * 1024, 32), 413],
  ])("a body in Base64: %s", async (_why, body, statusCode) => {
    const headers = [
      ["Authorization", `Bearer ${token}`],
      ["Content-Type", "application/json"],
    ] as const;
    const request = {
      method: "POST",
      path: ALERTS,
      query: new URLSearchParams(),
      headers,
      body: Buffer.alloc(0),
    };
    const event = {
      ...proxyEvent(request, gatewayTrace(undefined)),
      body: body.toString("base64"),
      isBase64Encoded: true,
    };
    expect((await lab().host.invoke(event)).result).toMatchObject({ statusCode });
  });

  test("no event whatsoever makes the function fail", async () => {
    const sound = {
      ...{
        resource: "/{proxy+}",
        httpMethod: "GET",
        path: "/health",
        headers: {},
        body: null,
        isBase64Encoded: false,
      },
      ...{ multiValueQueryStringParameters: null, requestContext: { requestId: "1", stage: API.stage } },
    };
    const paths = Object.values(API_ROUTES).map(({ path }) =>
      path.replace("{ticker}", "A").replace("{id}", "x"),
    );
    const hostile = fc.record(
      {
        httpMethod: fc.constantFrom(...API_CORS.methods, "PUT", "TRACE", "\u0000"),
        path: fc.oneof(fc.constantFrom(...paths), fc.string()),
        headers: fc.oneof(
          fc.constant({ authorization: `Bearer ${token}`, "content-type": "application/json" }),
          fc.dictionary(fc.string(), fc.string()),
        ),
        body: fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(RULE))),
        isBase64Encoded: fc.boolean(),
        multiValueQueryStringParameters: fc.dictionary(
          fc.oneof(fc.constantFrom("hours", "tags", "limit", "start", "cursor", "resolution"), fc.string()),
          fc.array(fc.string()),
        ),
      },
      { requiredKeys: [] },
    );
    const event = fc.oneof(
      { weight: 4, arbitrary: hostile.map((change) => ({ ...sound, ...change })) },
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(event, async (one) => {
        const { result, error } = await lab().host.invoke(one);
        expect(error).toBeUndefined();
        expect((result as { statusCode: number }).statusCode).toBeLessThan(500);
      }),
      { numRuns: 120 },
    );
  });
});
