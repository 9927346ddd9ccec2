import { HEADERS } from "../../../contract/headers";
import { passes, within } from "../../../functions/streaming/filter";
import { idOf, positionOf, stepBefore } from "../../../functions/streaming/position";
import { Refusal } from "../../../functions/streaming/refusal";
import { readRequest } from "../../../functions/streaming/request";
import type { StepEvent } from "../../../functions/streaming/step";

function event(rawPath: unknown, change: Record<string, unknown> = {}) {
  return { rawPath, rawQueryString: "", headers: {}, requestContext: { http: { method: "GET" } }, ...change };
}

function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("not refused");
}

test.each([
  ["/api/v2/stream", { kind: "global" }],
  ["//api///v2//stream", { kind: "global" }],
  ["/api/v2/stream/status", { kind: "status" }],
  ["/api/v2/configurations/4f-A9/stream", { kind: "configuration", id: "4f-A9" }],
])("%s is a route", (path, target) => {
  expect(readRequest(event(path)).target).toEqual(target);
});

test.each([
  "/",
  "",
  "/api/v2/streams",
  "/api/v2/stream/",
  "/api/v2/configurations//stream",
  "/api/v2/configurations/a%2Fb/stream",
  `/api/v2/configurations/${"a".repeat(65)}/stream`,
  `/api/v2/stream${"x".repeat(100_000)}`,
  undefined,
  { toString: "evil" },
])("no route: 404 without an echo", (path) => {
  const { status, message } = refusalOf(() => readRequest(event(path)));
  expect({ status, message }).toEqual({ status: 404, message: "There is no such route." });
});

test("another method is refused with what is allowed", () => {
  const post = event("/api/v2/stream", { requestContext: { http: { method: "POST" } } });
  expect(refusalOf(() => readRequest(post))).toMatchObject({ status: 405, headers: { Allow: "GET" } });
  expect(refusalOf(() => readRequest(event("/api/v2/stream", { requestContext: undefined }))).status).toBe(
    405,
  );
});

test.each([
  ["max_stream_ms=5000", 5000],
  ["max_stream_ms=5", 1000],
  ["max_stream_ms=999999999", 999_999_999],
  ["max_stream_ms=-5", undefined],
  ["max_stream_ms=1e3", undefined],
  ["max_stream_ms=", undefined],
  [`max_stream_ms=${"9".repeat(5000)}`, undefined],
  ["", undefined],
])("CAN-10 a client may ask for a shorter stream: %s", (rawQueryString, longestMs) => {
  expect(readRequest(event("/api/v2/stream", { rawQueryString })).longestMs).toBe(longestMs);
});

describe("SSE-D6 D27 what a client tells about itself", () => {
  const session = (headers: unknown) => readRequest(event("/api/v2/stream", { headers })).session;

  test("is taken from the headers of the contract", () => {
    const trace = "1-6b017020-eadc7c6a7c89df278e817514";
    expect(
      session({
        [HEADERS.sessionId]: "tab_1-Z",
        [HEADERS.previousTrace]: trace,
        [HEADERS.connectionSequence]: "1000000",
      }),
    ).toEqual({ session_id: "tab_1-Z", previous_trace_id: trace, connection_sequence: 1_000_000 });
  });

  test("is none when it says nothing", () => {
    const nothing = { session_id: "none", previous_trace_id: "none", connection_sequence: 1 };
    expect(session({})).toEqual(nothing);
    expect(session(null)).toEqual(nothing);
    expect(session("headers")).toEqual(nothing);
  });

  test.each([
    ["10 kB", "a".repeat(10_240)],
    ["CRLF", "a\r\nX-Evil: 1"],
    ["NUL", "a\0b"],
    ["not ASCII", "sesión"],
    ["markup", "<script>"],
  ])("is a label when it is hostile: %s", (_what, value) => {
    expect(
      session({
        [HEADERS.sessionId]: value,
        [HEADERS.previousTrace]: value,
        [HEADERS.connectionSequence]: value,
      }),
    ).toEqual({ session_id: "invalid", previous_trace_id: "invalid", connection_sequence: 1 });
  });

  test.each(["Root=1-6b017020-eadc7c6a7c89df278e817514", "1-6b017020-EADC7c6a7c89df278e817514", "1-0-0"])(
    "a fake trace id is a label: %s",
    (value) => {
      expect(session({ [HEADERS.previousTrace]: value }).previous_trace_id).toBe("invalid");
    },
  );

  test.each(["0", "-1", "1e3", "1.5", "1000001", " 7", "٣"])(
    "a sequence that is none counts as 1: %s",
    (value) => {
      expect(session({ [HEADERS.connectionSequence]: value }).connection_sequence).toBe(1);
    },
  );
});

describe("D18 filters", () => {
  const filter = (rawQueryString: string) => readRequest(event("/api/v2/stream", { rawQueryString })).filter;
  const sentiment: StepEvent = {
    kind: "sentiment",
    ticker: "AAPL",
    score: 0,
    label: "neutral",
    count: 1,
    origin: 0,
  };
  const bucket: StepEvent = { kind: "bucket", ticker: "AAPL", resolution: "1m", start: 0, origin: 0 };

  test.each([
    ["", true, true],
    ["tickers=aapl,MSFT", true, true],
    ["tickers=MSFT", false, false],
    ["tickers=%00,..//", false, false],
    ["tickers=", true, true],
    ["resolutions=1m,9x", true, true],
    ["resolutions=5m", true, false],
    ["resolutions=9x,__proto__", true, false],
    ["resolutions=toString", true, false],
  ])("%p lets a sentiment (%p) and a bucket (%p) pass", (query, ofSentiment, ofBucket) => {
    const applied = filter(query);
    expect([passes(applied, sentiment), passes(applied, bucket)]).toEqual([ofSentiment, ofBucket]);
  });

  test("are bounded", () => {
    const many = Array.from({ length: 500 }, (_, n) => `T${n}`).join(",");
    expect(filter(`tickers=${many}`).tickers?.size).toBe(50);
  });

  test("choose among a configuration's tickers, never beyond them, and counts stay out", () => {
    const own = new Set(["AAPL"]);
    expect(within(filter("tickers=AAPL,MSFT"), own).tickers).toEqual(new Set(["AAPL"]));
    expect(within(filter("tickers=MSFT"), own).tickers).toEqual(new Set());
    expect(within(filter(""), own)).toEqual({ tickers: own, resolutions: undefined, counts: false });
  });
});

describe("SSE-G3 positions", () => {
  test("are read as they are written", () => {
    const position = { step: 1_795_256_351_000, n: 12 };
    expect(positionOf(idOf(position))).toEqual(position);
  });

  test.each([
    "",
    "evt_1",
    "1795256351000",
    "1795256351000--1",
    "1795256351000-01",
    "1795256351000-1\n",
    "x".repeat(10_000),
  ])("%p is none", (id) => {
    expect(positionOf(id)).toBeUndefined();
  });

  test("steps end at whole multiples of the interval", () => {
    expect(stepBefore(10_000, 5000)).toBe(10_000);
    expect(stepBefore(14_999, 5000)).toBe(10_000);
  });
});
