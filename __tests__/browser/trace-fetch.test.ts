import { sentTraceId, traceFetch } from "../../browser/trace-fetch";
import { newRoot } from "../../browser/trace-header";
import { TraceOrigins } from "../../browser/trace-origins";
import { HEADERS } from "../../contract/headers";
import { httpStub } from "../support/http-stub";

const VALID = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const ROOT = "Root=1-6b017020-eadc7c6a7c89df278e817514";
const OTHER = "Root=1-6b017021-eadc7c6a7c89df278e817514";
const PARENT = "Parent=53995c3f42cd8ad8";
/** As a monitoring client writes it, in its own case. */
const THEIRS = "X-Amzn-Trace-Id";

interface Seen {
  readonly trace: string | undefined;
  readonly accept: string | undefined;
  readonly method: string;
  readonly body: string;
}

let seen: Seen[];
let stub: Awaited<ReturnType<typeof httpStub>>;
let url: string;

beforeAll(async () => {
  stub = await httpStub(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const trace = request.headers[HEADERS.traceId];
    const { accept } = request.headers;
    seen.push({
      trace: trace === undefined ? undefined : String(trace),
      accept,
      method: request.method ?? "",
      body,
    });
    response.end("{}");
  });
  url = `http://${stub.host}/v1/x`;
});

beforeEach(() => {
  seen = [];
});

afterAll(() => stub.stop());

const gate = (origins = new TraceOrigins(url)): typeof fetch =>
  traceFetch({ origins, fetch: globalThis.fetch });
const sent = async (...args: Parameters<typeof fetch>): Promise<Seen | undefined> => {
  await gate()(...args);
  return seen[0];
};

describe("FE-3 a traced fetch", () => {
  const headers = { accept: "text/csv" };
  test.each<[string, () => Parameters<typeof fetch>]>([
    ["a string", () => [url, { headers }]],
    ["a URL", () => [new URL(url), { headers }]],
    ["a Request", () => [new Request(url, { headers })]],
    ["a Request and init", () => [new Request(url), { headers }]],
    ["headers as Headers", () => [url, { headers: new Headers(headers) }]],
    ["headers as pairs", () => [url, { headers: [["accept", "text/csv"]] }]],
  ])("D32 adds a root and keeps the rest, given %s", async (_, args) => {
    const got = await sent(...args());
    expect(got?.trace).toMatch(VALID);
    expect(got?.accept).toBe("text/csv");
  });

  test("adds it without any init, and to a request with a body", async () => {
    expect((await sent(url))?.trace).toMatch(VALID);
    seen = [];
    const got = await sent(new Request(url, { method: "POST", body: "text" }));
    expect(got).toMatchObject({ method: "POST", body: "text" });
    expect(got?.trace).toMatch(VALID);
  });

  test("changes nothing of what it was given", async () => {
    const init = { headers };
    const request = new Request(url);
    await sent(url, init);
    await gate()(request);
    expect(init).toEqual({ headers: { accept: "text/csv" } });
    expect(request.headers.has(HEADERS.traceId)).toBe(false);
  });

  test.each<[string, Parameters<typeof fetch>[1], string]>([
    ["a root", { headers: { [THEIRS]: ROOT } }, ROOT],
    [
      "root, parent and decision",
      { headers: { [THEIRS]: `${ROOT};${PARENT};Sampled=1` } },
      `${ROOT};${PARENT}`,
    ],
    ["a decision first", { headers: new Headers([[THEIRS, `Sampled=1;${ROOT}`]]) }, ROOT],
    ["a refusal", { headers: [[THEIRS, `${ROOT}; Sampled=0`]] }, ROOT],
    [
      "odd case and blanks",
      { headers: { [THEIRS]: `${ROOT} ; ${PARENT} ; SAMPLED=1` } },
      `${ROOT};${PARENT}`,
    ],
    [
      "two headers, the caller's first",
      { headers: { [HEADERS.traceId]: ROOT, [THEIRS]: `${OTHER};${PARENT};Sampled=1` } },
      ROOT,
    ],
  ])("R-22 keeps what is there and never a decision: %s", async (_, init, expected) => {
    expect((await sent(url, init))?.trace).toBe(expected);
  });

  test.each(["", "Root=nonsense", "Sampled=1", `${ROOT}0;Sampled=1`])(
    "replaces what is no root: %p",
    async (value) => {
      const got = await sent(url, { headers: { [THEIRS]: value } });
      expect(got?.trace).toMatch(VALID);
    },
  );

  test("tells which root a request left with", async () => {
    const own = new Request(url, { headers: { [THEIRS]: `${ROOT};${PARENT};Sampled=1` } });
    const bare = new Request(url);
    await sent(own);
    await sent(bare);
    expect(sentTraceId(own)).toBe(ROOT.slice("Root=".length));
    expect(`Root=${sentTraceId(bare)}`).toBe(seen[1]?.trace);
    expect(sentTraceId(new Request(url))).toBeUndefined();
  });

  test("sends no header to anybody else, not even one that was there", async () => {
    const others = gate(new TraceOrigins("https://api.example.com/v1"));
    await others(url);
    await others(url, { headers: { [THEIRS]: `${ROOT};Sampled=1`, accept: "text/csv" } });
    expect(seen.map(({ trace }) => trace)).toEqual([undefined, undefined]);
    expect(seen[1]?.accept).toBe("text/csv");
  });

  test("sends none to an origin that refuses it, and again when that is taken back", async () => {
    const origins = new TraceOrigins(url);
    origins.refuse(url);
    await gate(origins)(url);
    origins.restore(url);
    await gate(origins)(url);
    expect(seen[0]?.trace).toBeUndefined();
    expect(seen[1]?.trace).toMatch(VALID);
  });

  test("sends the request without header when there is no randomness", async () => {
    const random = jest.spyOn(globalThis.crypto, "getRandomValues").mockImplementation(() => {
      throw new Error("no entropy");
    });
    expect(newRoot()).toBeUndefined();
    const got = await sent(url, { headers });
    random.mockRestore();
    expect(got).toMatchObject({ trace: undefined, accept: "text/csv" });
  });

  test("leaves complaints about its arguments to fetch", async () => {
    await expect(gate()("http://", {})).rejects.toThrow("parse URL");
    await expect(gate()(url, { headers: { "not a name": "1" } })).rejects.toThrow("not a name");
    expect(seen).toEqual([]);
  });
});
