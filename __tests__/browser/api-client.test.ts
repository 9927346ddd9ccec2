import type { FinishedCall } from "../../browser/api-client";
import { startAction } from "../../browser/page-action";
import { HEADERS } from "../../contract/headers";
import { freePort } from "../../lab/runtime/free-port";
import type { Answer } from "../../lab/runtime/loopback-server";
import { answering, failure, ScriptedApi } from "./scripted-api";

const VALID = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const TRACE = "1-6b017020-eadc7c6a7c89df278e817514";

let api: ScriptedApi;

beforeAll(async () => {
  api = await ScriptedApi.start();
});

beforeEach(() => api.clear());

afterAll(() => api.stop());

describe("what a call sends", () => {
  test("is the route below the base, with query, JSON and no cookie", async () => {
    await api.client().call("timeseries", {
      path: { ticker: "BRK.B/x?y" },
      query: { resolution: "1h", limit: 5, cursor: undefined },
    });
    await api.client().call("createSession", { body: { name: "ö" } });
    expect(api.seen[0]).toMatchObject({
      method: "GET",
      url: "/v1/api/v2/timeseries/BRK.B%2Fx%3Fy?resolution=1h&limit=5",
    });
    expect(api.seen[1]).toMatchObject({
      method: "POST",
      url: "/v1/api/v2/auth/anonymous",
      body: '{"name":"ö"}',
    });
    expect(api.seen[0]?.headers).not.toHaveProperty("content-type");
    expect(api.seen[1]?.headers["content-type"]).toBe("application/json");
    expect(api.seen.every(({ headers }) => headers.cookie === undefined)).toBe(true);
  });

  test("has the parameters of the path, or the compiler complains", async () => {
    // @ts-expect-error the route needs a ticker
    await expect(api.client().call("timeseries")).rejects.toThrow("needs a value for ticker");
    expect(api.seen).toEqual([]);
  });

  test.each(["", ".", ".."])("never another route for a parameter of %p", async (ticker) => {
    await expect(api.client().call("timeseries", { path: { ticker } })).rejects.toThrow(TypeError);
    expect(api.seen).toEqual([]);
  });

  test.each(["/v1", "ftp://a/v1", "https://a:b@c/v1", "https://c/v1?x=1", "https://c/#x"])(
    "never goes to a base like %s",
    (baseUrl) => {
      expect(() => api.client({ baseUrl })).toThrow("must be like https://api.example.com/v1");
    },
  );

  test("has the token on the routes that ask for one, and nowhere else", async () => {
    const own = api.client();
    own.useToken("t0ken");
    await own.call("articles", { query: { tags: ["AAPL", "MSFT"] } });
    await own.call("runtime");
    own.useToken(undefined);
    await own.call("articles");
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer t0ken",
      undefined,
      undefined,
    ]);
    expect(api.seen[0]?.url).toBe("/v1/api/v2/articles?tags=AAPL%2CMSFT");
  });

  test("D32 FE-3 has one root per action, another for the next, and never a decision", async () => {
    const action = startAction();
    const own = api.client();
    await own.call("runtime", { action });
    await own.call("articles", { action });
    await own.call("runtime");
    const roots = api.seen.map(({ headers }) => headers[HEADERS.traceId]);
    for (const root of roots) expect(root).toMatch(VALID);
    expect(roots[1]).toBe(roots[0]);
    expect(roots[2]).not.toBe(roots[0]);
  });
});

describe("what a call gives", () => {
  test("is the parsed answer, or nothing for 204", async () => {
    api.answers = [answering(200, {}, '{"a":[1]}'), (_, response) => void response.writeHead(204).end()];
    const own = api.client();
    expect(await own.call("runtime")).toEqual({ a: [1] });
    expect(await own.call("deleteConfiguration", { path: { id: "1" } })).toBeUndefined();
  });

  test("D30 is the server's code and the trace id of the answer when it refuses", async () => {
    const problem = {
      type: "https://example.com/problems/limit-reached",
      title: "T",
      detail: "Two are enough.",
    };
    api.answers = [
      answering(
        409,
        { "content-type": "application/problem+json", [HEADERS.traceId]: `Root=${TRACE};Sampled=1` },
        JSON.stringify(problem),
      ),
    ];
    const error = await failure(api.client().call("createConfiguration", { body: {} }));
    expect(error).toMatchObject({
      code: "limit-reached",
      status: 409,
      traceId: TRACE,
      message: "Two are enough.",
    });
  });

  test.each<[string, Answer, string]>([
    ["no body", answering(500, {}, ""), "HTTP_500"],
    ["a page", answering(500, { "content-type": "text/html" }, "<html>"), "HTTP_500"],
    ["a list", answering(500, {}, "[1]"), "HTTP_500"],
    ["a type of no meaning", answering(500, {}, '{"type":"about:blank","detail":7}'), "HTTP_500"],
  ])("is the status when a refusal has %s, with the id that was sent", async (_, answer, code) => {
    api.answers = [answer];
    const error = await failure(api.client().call("runtime"));
    expect(error).toMatchObject({ code, status: 500, message: "The API answered 500 without a reason." });
    expect(`Root=${error.traceId}`).toBe(api.seen[0]?.headers[HEADERS.traceId]);
  });

  test("is UNKNOWN_ERROR when the answer is no JSON", async () => {
    api.answers = [answering(200, {}, "<html>")];
    expect(await failure(api.client().call("runtime"))).toMatchObject({ code: "UNKNOWN_ERROR", status: 200 });
  });

  test("is TIMEOUT when nothing comes, or half an answer", async () => {
    const hang: Answer = () => undefined;
    const half: Answer = (_, response) =>
      void response.writeHead(200, { "content-type": "application/json" }).write('{"a":');
    for (const answer of [hang, half]) {
      api.answers = [answer];
      const error = await failure(api.client({ timeoutMs: 150 }).call("runtime"));
      expect(error.code).toBe("TIMEOUT");
      expect(`Root=${error.traceId}`).toBe(api.seen.at(-1)?.headers[HEADERS.traceId]);
    }
    expect(api.seen).toHaveLength(2);
  });

  test("is ABORTED when the page ends it, before or during", async () => {
    api.answers = [() => undefined];
    expect((await failure(api.client().call("runtime", { signal: AbortSignal.abort() }))).code).toBe(
      "ABORTED",
    );
    const controller = new AbortController();
    const call = failure(api.client().call("runtime", { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect((await call).code).toBe("ABORTED");
  });

  test("is NETWORK_ERROR when nobody listens", async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    expect((await failure(api.client({ baseUrl }).call("createSession"))).code).toBe("NETWORK_ERROR");
  });

  test("is told to whoever listens to calls", async () => {
    const calls: FinishedCall[] = [];
    api.answers = [answering(200), answering(404)];
    const own = api.client({ onCall: (call) => calls.push(call) });
    await own.call("runtime");
    await failure(own.call("runtime"));
    expect(calls).toMatchObject([{ route: "runtime" }, { route: "runtime", error: { status: 404 } }]);
    expect(calls.map(({ traceId }) => `Root=${traceId}`)).toEqual(
      api.seen.map(({ headers }) => headers[HEADERS.traceId]),
    );
  });
});
