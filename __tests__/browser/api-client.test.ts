import type { IncomingMessage } from "node:http";
import { ApiClient, type ApiClientOptions, type FinishedCall } from "../../browser/api-client";
import { ApiError } from "../../browser/api-error";
import { startAction } from "../../browser/page-action";
import { HEADERS } from "../../contract/headers";
import { freePort } from "../../lab/runtime/free-port";
import { type Answer, httpStub } from "../support/http-stub";

const VALID = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const TRACE = "1-6b017020-eadc7c6a7c89df278e817514";
const JSON_TYPE = { "content-type": "application/json" };

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let seen: Seen[];
let answers: Answer[];
let stub: Awaited<ReturnType<typeof httpStub>>;

beforeAll(async () => {
  stub = await httpStub(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined) response.writeHead(200, JSON_TYPE).end('{"fine":true}');
    else await answer(request, response);
  });
});

beforeEach(() => {
  seen = [];
  answers = [];
});

afterAll(() => stub.stop());

const client = (options: Partial<ApiClientOptions> = {}): ApiClient =>
  new ApiClient({ baseUrl: `http://${stub.host}/v1/`, ...options });

const status =
  (code: number, headers: Record<string, string> = {}, body = "{}"): Answer =>
  (_, response) =>
    void response.writeHead(code, { ...JSON_TYPE, ...headers }).end(body);

async function failure(call: Promise<unknown>): Promise<ApiError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("the call succeeded");
}

describe("what a call sends", () => {
  test("is the route below the base, with query, JSON and no cookie", async () => {
    await client().call("timeseries", {
      path: { ticker: "BRK.B/x?y" },
      query: { resolution: "1h", limit: 5, cursor: undefined },
    });
    await client().call("createSession", { body: { name: "ö" } });
    expect(seen[0]).toMatchObject({
      method: "GET",
      url: "/v1/api/v2/timeseries/BRK.B%2Fx%3Fy?resolution=1h&limit=5",
    });
    expect(seen[1]).toMatchObject({ method: "POST", url: "/v1/api/v2/auth/anonymous", body: '{"name":"ö"}' });
    expect(seen[0]?.headers).not.toHaveProperty("content-type");
    expect(seen[1]?.headers["content-type"]).toBe("application/json");
    expect(seen.every(({ headers }) => headers.cookie === undefined)).toBe(true);
  });

  test.each(["", ".", ".."])("never another route for a parameter of %p", async (ticker) => {
    await expect(client().call("timeseries", { path: { ticker } })).rejects.toThrow(TypeError);
    expect(seen).toEqual([]);
  });

  test.each(["/v1", "ftp://a/v1", "https://a:b@c/v1", "https://c/v1?x=1", "https://c/#x"])(
    "never goes to a base like %s",
    (baseUrl) => {
      expect(() => client({ baseUrl })).toThrow("must be like https://api.example.com/v1");
    },
  );

  test("has the token on the routes that ask for one, and nowhere else", async () => {
    const api = client();
    api.useToken("t0ken");
    await api.call("articles", { query: { tags: ["AAPL", "MSFT"] } });
    await api.call("runtime");
    api.useToken(undefined);
    await api.call("articles");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer t0ken", undefined, undefined]);
    expect(seen[0]?.url).toBe("/v1/api/v2/articles?tags=AAPL%2CMSFT");
  });

  test("D32 FE-3 has one root per action, another for the next, and never a decision", async () => {
    const action = startAction();
    const api = client();
    await api.call("runtime", { action });
    await api.call("articles", { action });
    await api.call("runtime");
    const roots = seen.map(({ headers }) => headers[HEADERS.traceId]);
    for (const root of roots) expect(root).toMatch(VALID);
    expect(roots[1]).toBe(roots[0]);
    expect(roots[2]).not.toBe(roots[0]);
  });
});

describe("what a call gives", () => {
  test("is the parsed answer, or nothing for 204", async () => {
    answers = [status(200, {}, '{"a":[1]}'), (_, response) => void response.writeHead(204).end()];
    const api = client();
    expect(await api.call("runtime")).toEqual({ a: [1] });
    expect(await api.call("deleteConfiguration", { path: { id: "1" } })).toBeUndefined();
  });

  test("D30 is the server's code and the trace id of the answer when it refuses", async () => {
    const problem = {
      type: "https://example.com/problems/limit-reached",
      title: "T",
      detail: "Two are enough.",
    };
    answers = [
      status(
        409,
        { "content-type": "application/problem+json", [HEADERS.traceId]: `Root=${TRACE};Sampled=1` },
        JSON.stringify(problem),
      ),
    ];
    const error = await failure(client().call("createConfiguration", { body: {} }));
    expect(error).toMatchObject({
      code: "limit-reached",
      status: 409,
      traceId: TRACE,
      message: "Two are enough.",
    });
  });

  test.each<[string, Answer, string]>([
    ["no body", status(500, {}, ""), "HTTP_500"],
    ["a page", status(500, { "content-type": "text/html" }, "<html>"), "HTTP_500"],
    ["a list", status(500, {}, "[1]"), "HTTP_500"],
    ["a type of no meaning", status(500, {}, '{"type":"about:blank","detail":7}'), "HTTP_500"],
  ])("is the status when a refusal has %s, with the id that was sent", async (_, answer, code) => {
    answers = [answer];
    const error = await failure(client().call("runtime"));
    expect(error).toMatchObject({ code, status: 500, message: "The API answered 500 without a reason." });
    expect(`Root=${error.traceId}`).toBe(seen[0]?.headers[HEADERS.traceId]);
  });

  test("is UNKNOWN_ERROR when the answer is no JSON", async () => {
    answers = [status(200, {}, "<html>")];
    expect(await failure(client().call("runtime"))).toMatchObject({ code: "UNKNOWN_ERROR", status: 200 });
  });

  test("is TIMEOUT when nothing comes, or half an answer", async () => {
    const hang: Answer = () => undefined;
    const half: Answer = (_, response) => void response.writeHead(200, JSON_TYPE).write('{"a":');
    for (const answer of [hang, half]) {
      answers = [answer];
      const error = await failure(client({ timeoutMs: 150 }).call("runtime"));
      expect(error.code).toBe("TIMEOUT");
      expect(`Root=${error.traceId}`).toBe(seen.at(-1)?.headers[HEADERS.traceId]);
    }
    expect(seen).toHaveLength(2);
  });

  test("is ABORTED when the page ends it, before or during", async () => {
    answers = [() => undefined];
    expect((await failure(client().call("runtime", { signal: AbortSignal.abort() }))).code).toBe("ABORTED");
    const controller = new AbortController();
    const call = failure(client().call("runtime", { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect((await call).code).toBe("ABORTED");
  });

  test("is NETWORK_ERROR when nobody listens", async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    expect((await failure(client({ baseUrl }).call("createSession"))).code).toBe("NETWORK_ERROR");
  });

  test("is told to whoever listens to calls", async () => {
    const calls: FinishedCall[] = [];
    answers = [status(200), status(404)];
    const api = client({ onCall: (call) => calls.push(call) });
    await api.call("runtime");
    await failure(api.call("runtime"));
    expect(calls).toMatchObject([{ route: "runtime" }, { route: "runtime", error: { status: 404 } }]);
    expect(calls.map(({ traceId }) => `Root=${traceId}`)).toEqual(
      seen.map(({ headers }) => headers[HEADERS.traceId]),
    );
  });
});

describe("a second try", () => {
  const reset: Answer = (request) => void request.socket.destroy();

  test.each<[string, Answer]>([
    ["the connection broke", reset],
    ["502", status(502)],
    ["503", status(503)],
    ["504", status(504)],
    ["503 with a short wait", status(503, { "retry-after": "0" })],
  ])("is made of a GET, with the same root, after %s", async (_, answer) => {
    answers = [answer, status(200, {}, "7")];
    expect(await client().call("runtime")).toBe(7);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.headers[HEADERS.traceId]).toBe(seen[0]?.headers[HEADERS.traceId]);
  });

  test("is made once", async () => {
    answers = [status(503)];
    expect(await failure(client().call("runtime"))).toMatchObject({ code: "HTTP_503" });
    expect(seen).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ["500", status(500)],
    ["429", status(429, { "retry-after": "1" })],
    ["a long wait", status(503, { "retry-after": "30" })],
  ])("is not made after %s", async (_, answer) => {
    answers = [answer];
    await failure(client().call("runtime"));
    expect(seen).toHaveLength(1);
  });

  test("is never made of a request that changes something", async () => {
    answers = [reset];
    await failure(client().call("createConfiguration", { body: {} }));
    expect(seen).toHaveLength(1);
  });

  test("waits as long as the server says", async () => {
    answers = [status(503, { "retry-after": "1" }), status(200)];
    const began = performance.now();
    await client().call("runtime");
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
  });

  test("FE-5 leaves the header out when an origin answers only without it, and says so once", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation();
    // What a browser makes of a CORS answer that does not allow the header: a dead connection.
    const picky: Answer = (request, response) => {
      if (request.headers[HEADERS.traceId] === undefined) response.writeHead(200, JSON_TYPE).end("1");
      else request.socket.destroy();
    };
    answers = [picky];
    const api = client();
    expect(await api.call("runtime")).toBe(1);
    expect(await api.call("createSession")).toBe(1);
    expect(seen.map(({ headers }) => headers[HEADERS.traceId] !== undefined)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(warn.mock.calls).toEqual([['{"trace_header_refused":true}']]);
    warn.mockRestore();
  });

  test("keeps the header when the origin had taken it before, or is gone altogether", async () => {
    const api = client();
    await api.call("runtime");
    answers = [reset];
    await failure(api.call("runtime"));
    const other = client();
    await failure(other.call("runtime"));
    answers = [status(200)];
    await api.call("runtime");
    await other.call("runtime");
    expect(seen.slice(-2).map(({ headers }) => headers[HEADERS.traceId])).toEqual([
      expect.stringMatching(VALID),
      expect.stringMatching(VALID),
    ]);
  });
});

describe("reachability", () => {
  test("is lost after three failed calls within a minute and found with the next answer", async () => {
    const changes: boolean[] = [];
    const api = client({ onReachable: (reachable) => changes.push(reachable), timeoutMs: 3000 });
    answers = [status(503, { "retry-after": "60" })];
    await failure(api.call("runtime"));
    await failure(api.call("createSession"));
    expect(changes).toEqual([]);
    await failure(api.call("createSession"));
    await failure(api.call("createSession"));
    expect(changes).toEqual([false]);
    answers = [status(404)];
    await failure(api.call("runtime"));
    expect(changes).toEqual([false, true]);
  });

  test("is not lost by refusals, nor by calls the page ended", async () => {
    const changes: boolean[] = [];
    const api = client({ onReachable: (reachable) => changes.push(reachable) });
    answers = [status(500)];
    for (let i = 0; i < 4; i += 1) {
      await failure(api.call("runtime"));
      await failure(api.call("runtime", { signal: AbortSignal.abort() }));
    }
    expect(changes).toEqual([]);
  });
});
