import { HEADERS } from "../../contract/headers";
import type { Answer } from "../../lab/runtime/loopback-server";
import { answering, failure, reset, ScriptedApi } from "./scripted-api";

const VALID = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/;

let api: ScriptedApi;

beforeAll(async () => {
  api = await ScriptedApi.start();
});

beforeEach(() => api.clear());

afterAll(() => api.stop());

describe("a second try", () => {
  test.each<[string, Answer]>([
    ["the connection broke", reset],
    ["502", answering(502)],
    ["503", answering(503)],
    ["504", answering(504)],
    ["503 with a short wait", answering(503, { "retry-after": "0" })],
  ])("is made of a GET, with the same root, after %s", async (_, answer) => {
    api.answers = [answer, answering(200, {}, "7")];
    expect(await api.client().call("runtime")).toBe(7);
    expect(api.seen).toHaveLength(2);
    expect(api.seen[1]?.headers[HEADERS.traceId]).toBe(api.seen[0]?.headers[HEADERS.traceId]);
  });

  test("is made once", async () => {
    api.answers = [answering(503)];
    expect(await failure(api.client().call("runtime"))).toMatchObject({ code: "HTTP_503" });
    expect(api.seen).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ["500", answering(500)],
    ["429", answering(429, { "retry-after": "1" })],
    ["a long wait", answering(503, { "retry-after": "30" })],
  ])("is not made after %s", async (_, answer) => {
    api.answers = [answer];
    await failure(api.client().call("runtime"));
    expect(api.seen).toHaveLength(1);
  });

  test("is never made of a request that changes something", async () => {
    api.answers = [reset];
    await failure(api.client().call("createConfiguration", { body: {} }));
    expect(api.seen).toHaveLength(1);
  });

  test("waits as long as the server says", async () => {
    api.answers = [answering(503, { "retry-after": "1" }), answering(200)];
    const began = performance.now();
    await api.client().call("runtime");
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
  });

  test("FE-5 leaves the header out when an origin answers only without it, and says so once", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation();
    // What a browser makes of a CORS answer that does not allow the header: a dead connection.
    const picky: Answer = (request, response) => {
      if (request.headers[HEADERS.traceId] === undefined)
        response.writeHead(200, { "content-type": "application/json" }).end("1");
      else request.socket.destroy();
    };
    api.answers = [picky];
    const own = api.client();
    expect(await own.call("runtime")).toBe(1);
    expect(await own.call("createSession")).toBe(1);
    expect(api.seen.map(({ headers }) => headers[HEADERS.traceId] !== undefined)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(warn.mock.calls).toEqual([['{"trace_header_refused":true}']]);
    warn.mockRestore();
  });

  test("keeps the header when the origin had taken it before, or is gone altogether", async () => {
    const own = api.client();
    await own.call("runtime");
    api.answers = [reset];
    await failure(own.call("runtime"));
    const other = api.client();
    await failure(other.call("runtime"));
    api.answers = [answering(200)];
    await own.call("runtime");
    await other.call("runtime");
    expect(api.seen.slice(-2).map(({ headers }) => headers[HEADERS.traceId])).toEqual([
      expect.stringMatching(VALID),
      expect.stringMatching(VALID),
    ]);
  });
});

describe("reachability", () => {
  test("is lost after three failed calls within a minute and found with the next answer", async () => {
    const changes: boolean[] = [];
    const own = api.client({ onReachable: (reachable) => changes.push(reachable), timeoutMs: 3000 });
    api.answers = [answering(503, { "retry-after": "60" })];
    await failure(own.call("runtime"));
    await failure(own.call("createSession"));
    expect(changes).toEqual([]);
    await failure(own.call("createSession"));
    await failure(own.call("createSession"));
    expect(changes).toEqual([false]);
    api.answers = [answering(404)];
    await failure(own.call("runtime"));
    expect(changes).toEqual([false, true]);
  });

  test("is not lost by refusals, nor by calls the page ended", async () => {
    const changes: boolean[] = [];
    const own = api.client({ onReachable: (reachable) => changes.push(reachable) });
    api.answers = [answering(500)];
    for (let i = 0; i < 4; i += 1) {
      await failure(own.call("runtime"));
      await failure(own.call("runtime", { signal: AbortSignal.abort() }));
    }
    expect(changes).toEqual([]);
  });
});
