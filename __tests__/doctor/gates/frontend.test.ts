import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HEADERS } from "../../../contract/headers";
import { STREAM_ROUTES } from "../../../contract/streaming";
import { judgeHeaders } from "../../../doctor/gates/frontend-headers";
import type { VisitedRequest } from "../../../doctor/gates/visit";
import { tracewright } from "../../support/cli";

const API = "https://api.example.com";
const STREAM = "https://stream.example.com";
const PAGE = "https://page.example.com";
const root = (digit: string): string => `Root=1-6b017020-${digit.repeat(24)}`;

type Change = Partial<Omit<VisitedRequest, "url">>;

const request = (url: string, trace: string, change: Change = {}): VisitedRequest => ({
  method: "GET",
  url: new URL(url),
  headers: { origin: PAGE, [HEADERS.traceId]: trace },
  status: 200,
  answerHeaders: {
    [HEADERS.traceId]: trace,
    "access-control-expose-headers": `retry-after, ${HEADERS.traceId.toUpperCase()}`,
  },
  ...change,
});

const call = (change?: Change, trace = root("a")) => request(`${API}/v1/api/v2/runtime`, trace, change);
const stream = (digit: string, change?: Change) =>
  request(STREAM + STREAM_ROUTES.global, root(digit), change);
const own = STREAM + STREAM_ROUTES.configuration.replace("{id}", "1f");
const GOOD = [call(), call({ status: 404 }), stream("b"), request(own, root("c"))];

const verdicts = (visit: readonly VisitedRequest[]) =>
  Object.fromEntries(
    judgeHeaders(visit, [API, STREAM])
      .filter(({ verdict }) => verdict !== "passed")
      .map(({ what, verdict, found }) => [what, `${verdict}: ${found}`]),
  );

test("FE-3 a sound visit passes; preflights and other people's requests do not count", () => {
  const others = [
    call({ method: "OPTIONS", headers: {}, answerHeaders: {} }),
    request("https://fonts.example.net/", "", { headers: {}, answerHeaders: {}, status: 0 }),
    call({}, `${root("d")};Parent=53995c3f42cd8ad8`),
  ];
  expect(verdicts([...GOOD, ...others])).toEqual({});
});

test.each<[string, VisitedRequest, Record<string, string>]>([
  [
    "D32 a request without the header",
    call({ headers: { origin: PAGE } }),
    { "requests to the API with the trace header": "failed: 2 of 3" },
  ],
  [
    "R-22 a decision",
    call({}, `${root("a")};Sampled=1`),
    { "requests to the API with the trace header": "failed: 2 of 3" },
  ],
  [
    "R-22 a refusal",
    call({}, `${root("a")};Sampled=0`),
    { "requests to the API with the trace header": "failed: 2 of 3" },
  ],
  [
    "a malformed root",
    call({}, "Root=1-2-3"),
    { "requests to the API with the trace header": "failed: 2 of 3" },
  ],
  [
    "D33 a root used for two connections",
    stream("b"),
    { "connections with a root of their own": "failed: 1 of 3" },
  ],
  [
    "FE-5 a request that CORS refused",
    call({ status: 0, answerHeaders: {} }),
    { "requests that were answered": "failed: 4 of 5" },
  ],
  [
    "D30 a success that hides its trace id",
    call({ answerHeaders: { [HEADERS.traceId]: root("a"), "access-control-expose-headers": "retry-after" } }),
    { "successes whose trace id a script can read": "failed: 3 of 4" },
  ],
  [
    "D30 FE-1 an error that hides its trace id",
    call({ status: 502, answerHeaders: {} }),
    { "errors whose trace id a script can read": "failed: 1 of 2" },
  ],
])("%s fails", (_, added, expected) => {
  expect(verdicts([...GOOD, added])).toEqual(expected);
});

test("FE-5 what a visit does not show is undecided", () => {
  expect(verdicts([call(), stream("b")])).toEqual({
    "errors whose trace id a script can read": "undecided: nothing to judge",
  });
  expect(Object.values(verdicts([]))).toEqual(Array(6).fill("undecided: nothing to judge"));
});

describe("tracewright gate frontend", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracewright-gate-"));
  const named = (headers: object) => Object.entries(headers).map(([name, value]) => ({ name, value }));

  function archive(name: string, visit: readonly VisitedRequest[]): string {
    const entries = visit.map(({ method, url, headers, status, answerHeaders }) => ({
      request: { method, url: url.href, headers: named({ ...headers, authorization: "Bearer s3cret" }) },
      response: { status: status === 0 ? -1 : status, headers: named(answerHeaders) },
    }));
    writeFileSync(join(folder, name), JSON.stringify({ log: { version: "1.2", entries } }));
    return join(folder, name);
  }

  const gate = (visit: string, ...args: readonly string[]) =>
    tracewright(["gate", "frontend", "--visit", visit, "--api", `${API}/v1`, "--stream", STREAM, ...args]);

  test("FE-5 exits by verdict and says what to do", () => {
    const good = gate(archive("good.har", GOOD));
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/^passed {5}requests to the API with the trace header: 2 of 2/);
    const bad = gate(archive("bad.har", [...GOOD, call({ headers: {} })]));
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain("send every request through the API client");
    expect(gate(archive("thin.har", [call()])).code).toBe(3);
    expect(JSON.parse(gate(archive("good.har", GOOD), "--json").stdout)).toMatchObject({ gate: "frontend" });
    expect(bad.stdout).not.toContain("s3cret");
  });

  test.each([
    ["nothing", undefined],
    ["text", "no JSON, Bearer s3cret"],
    ["other JSON", '{"log":{"entries":[{"request":{"url":"Bearer s3cret"}}]}}'],
    ["a list", "[]"],
  ])("refuses %s instead of an archive without showing it", (name, content) => {
    const file = join(folder, `${name}.har`);
    if (content !== undefined) writeFileSync(file, content);
    const { code, stderr } = gate(file);
    expect(code).toBe(2);
    expect(stderr).toContain("network tools");
    expect(stderr).not.toContain("s3cret");
  });

  test("refuses addresses that are none", () => {
    const { code, stderr } = tracewright([
      "gate",
      "frontend",
      "--visit",
      "x",
      "--api",
      "api",
      "--stream",
      STREAM,
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("begins with https://");
  });
});
