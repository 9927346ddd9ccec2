import { setTimeout as sleep } from "node:timers/promises";
import { STREAM_SPANS } from "../../../contract/spans";
import { STREAM_ROUTES } from "../../../contract/streaming";
import type { AwsFault } from "../../../lab/runtime/aws-gateway";
import { newTraceHeader } from "../../../lab/runtime/function-host";
import type { Connection, ConnectOptions, StreamHost } from "../../../lab/runtime/stream-host";
import { urlEvent } from "../../../lab/runtime/url-event";
import { eventually } from "../../support/eventually";
import {
  configurationStream,
  END_MS,
  eventsIn,
  globalStream,
  jsonOf,
  linesWith,
  named,
  namesIn,
  traceOf,
} from "../../support/stream-reading";
import { accessToken, analyzedArticle, userRows } from "../../support/stream-seeds";
import { describeStream } from "../../support/stream-suite";

const THROTTLED: AwsFault = {
  status: 400,
  code: "ProvisionedThroughputExceededException",
  message: "throttled by the test",
};

describeStream("A stream among hostile clients and failing tables", (lab) => {
  let host: StreamHost;

  beforeAll(async () => {
    await lab().put("users", ...userRows("ann", { one: { status: "active", tickers: ["AAPL"] } }));
    host = await lab().host();
  });

  afterEach(() => lab().gateway.reset());

  function attributesOf(traceHeader: string, name: string) {
    const { traceId } = traceOf(traceHeader);
    return named(lab().collector.spans, name).find((span) => span.traceId === traceId);
  }

  async function connect(event: unknown, options: Partial<ConnectOptions> = {}) {
    const traceHeader = newTraceHeader();
    const answer = await host.connect(event, { remainingMs: END_MS + 100, traceHeader, ...options });
    return { answer, traceHeader };
  }

  test.each<[string, Readonly<Record<string, string>>]>([
    ["10 kB of session", { "X-SSE-Session-Id": "s".repeat(10_000) }],
    ["CRLF", { "X-SSE-Session-Id": "a\r\nSet-Cookie: x=1", "X-SSE-Previous-Trace": "1-0\r\n\r\n<script>" }],
    ["NUL", { "X-SSE-Session-Id": "a\u0000b", "X-SSE-Previous-Trace": "\u0000" }],
    ["non-ASCII", { "X-SSE-Session-Id": "sitzung-ß-🦊", "X-SSE-Previous-Trace": "１-６５" }],
    [
      "a trace id in OpenTelemetry's form",
      { "X-SSE-Session-Id": " ", "X-SSE-Previous-Trace": "6b0172795fbb53a7c8f2242e72a4a069" },
    ],
    ["a whole trace header", { "X-SSE-Session-Id": "a b", "X-SSE-Previous-Trace": newTraceHeader() }],
    [
      "upper case",
      { "X-SSE-Session-Id": "a/b", "X-SSE-Previous-Trace": "1-6B017279-BB53A7C8F2242E72A4A06944" },
    ],
    ["a prototype", { "X-SSE-Session-Id": "__proto__.x", "X-SSE-Previous-Trace": "constructor" }],
  ])("C9 SSE-D6 D27 %s in the headers is recorded as invalid and echoed nowhere", async (_title, headers) => {
    const { answer, traceHeader } = await connect(globalStream({ headers }));
    expect(answer).toMatchObject({ end: "streamed", prelude: { statusCode: 200 } });
    const { session_id, previous_trace_id } =
      attributesOf(traceHeader, STREAM_SPANS.globalStream)?.attributes ?? {};
    expect([session_id, previous_trace_id].every((value) => value === "invalid" || value === "none")).toBe(
      true,
    );
    expect(session_id).toBe("invalid");
    const text =
      Buffer.concat(answer.body.map(({ bytes }) => bytes)).toString("utf8") + JSON.stringify(answer.prelude);
    for (const value of Object.values(headers).filter(({ length }) => length > 3)) {
      expect(text).not.toContain(value.slice(0, 100));
      expect(host.lines.some((line) => line.includes(value.slice(0, 100)))).toBe(false);
    }
  });

  test.each([
    ["0", 1],
    ["-1", 1],
    ["1.5", 1],
    ["1e9", 1],
    ["99999999999999999999", 1],
    ["NaN", 1],
    ["1000000", 1_000_000],
    ["1000001", 1],
    ["7", 7],
  ])("C9 SSE-D6 a connection number of %s is recorded as %d", async (sequence, recorded) => {
    const { traceHeader } = await connect(globalStream({ headers: { "X-SSE-Connection-Seq": sequence } }));
    expect(attributesOf(traceHeader, STREAM_SPANS.globalStream)?.attributes["connection_sequence"]).toBe(
      recorded,
    );
  });

  async function expectUnavailable(answer: Connection, traceHeader: string, span: string): Promise<void> {
    expect(answer.prelude).toMatchObject({ statusCode: 503, headers: { "retry-after": "30" } });
    expect(Object.keys(jsonOf(answer) as object)).toEqual(["detail"]);
    expect(JSON.stringify(jsonOf(answer))).not.toContain("throttled by the test");
    // A refusal is answered before its spans are flushed.
    const stream = await eventually(span, () => attributesOf(traceHeader, span));
    expect(stream.status.code).toBe(2);
    expect(stream.attributes["http_status"]).toBe(503);
  }

  test("C9 D22 a leases table that throttles is a 503 and a failed acquisition", async () => {
    lab().gateway.failWhen(({ input }) =>
      input["TableName"] === "dev-sentiment-leases" ? THROTTLED : undefined,
    );
    const { answer, traceHeader } = await connect(globalStream(), { remainingMs: 20_000 });
    await expectUnavailable(answer, traceHeader, STREAM_SPANS.globalStream);
    expect(attributesOf(traceHeader, STREAM_SPANS.acquire)?.status.code).toBe(2);
    const putMetric = () => attributesOf(traceHeader, STREAM_SPANS.putMetric);
    await eventually("the metrics", putMetric);
    const sent = lab().gateway.calls.filter(({ operation }) => operation === "PutMetricData");
    expect(JSON.stringify(sent.map(({ input }) => input))).toContain("ConnectionAcquireFailures");
    const status = await connect(urlEvent({ path: STREAM_ROUTES.status }), { remainingMs: 20_000 });
    expect(status.answer.prelude.statusCode).toBe(503);
  });

  test("C9 D19 a users table or a secret that does not answer is a 503, not a 401 or 404", async () => {
    for (const token of ["5f0c1b52-7f0e-4f2e-9d5b-3a8f6f2f4c11", accessToken("ann")]) {
      lab().gateway.failWhen(({ input }) =>
        input["TableName"] === "dev-sentiment-users" ? THROTTLED : undefined,
      );
      const { answer, traceHeader } = await connect(configurationStream("one", token), {
        remainingMs: 20_000,
      });
      await expectUnavailable(answer, traceHeader, STREAM_SPANS.configStream);
    }
    const fresh = await lab().host();
    lab().gateway.failWhen(({ operation }) =>
      operation === "GetSecretValue" ? { ...THROTTLED, status: 500 } : undefined,
    );
    const refused = await fresh.connect(configurationStream("one", accessToken("ann")), {
      remainingMs: 20_000,
    });
    expect(refused.prelude.statusCode).toBe(503);
  });

  test("C9 an index that throttles now and then costs time, no event", async () => {
    let queries = 0;
    lab().gateway.failWhen(({ input }) => {
      if (input["IndexName"] !== "by_sentiment") return undefined;
      queries += 1;
      return queries % 4 === 0 ? THROTTLED : undefined;
    });
    const running = connect(globalStream({ query: "tickers=THRO&resolutions=1h" }), {
      remainingMs: END_MS + 6500,
    });
    await sleep(300);
    await lab().put("items", analyzedArticle(["THRO"]));
    const { answer } = await running;
    expect(
      eventsIn(answer)
        .filter(({ data }) => data["ticker"] === "THRO")
        .map(({ name }) => name),
    ).toEqual(["sentiment_update", "partial_bucket"]);
  });

  test("D23 buckets come by BatchGetItem, and keys it leaves unprocessed are asked for again", async () => {
    let left = 2;
    lab().gateway.answerWith(({ operation, input }) => {
      if (operation !== "BatchGetItem" || left === 0) return undefined;
      left -= 1;
      return JSON.stringify({ Responses: {}, UnprocessedKeys: input["RequestItems"] });
    });
    const running = connect(globalStream({ query: "tickers=UNPR&resolutions=24h" }), {
      remainingMs: END_MS + 4500,
    });
    await lab().put("items", analyzedArticle(["UNPR"]));
    const { answer } = await running;
    const calls = lab().gateway.calls.filter(({ operation }) => operation === "BatchGetItem");
    expect(calls.length).toBeGreaterThanOrEqual(3);
    expect(calls.slice(0, 3).map(({ input }) => JSON.stringify(input))).toEqual(
      Array(3).fill(JSON.stringify(calls[0]?.input)),
    );
    expect(namesIn(answer)).toContain("partial_bucket");
  });

  test("D23 keys that stay unprocessed are a failed poll, and its events come with a later one", async () => {
    let left = 5;
    lab().gateway.answerWith(({ operation, input }) => {
      if (operation !== "BatchGetItem" || left === 0) return undefined;
      left -= 1;
      return JSON.stringify({ Responses: {}, UnprocessedKeys: input["RequestItems"] });
    });
    const running = connect(globalStream({ query: "tickers=STAY&resolutions=24h" }), {
      remainingMs: END_MS + 5500,
    });
    await lab().put("items", analyzedArticle(["STAY"]));
    const { answer, traceHeader } = await running;
    expect(eventsIn(answer).filter(({ name }) => name === "partial_bucket")).toHaveLength(1);
    const { traceId } = traceOf(traceHeader);
    const polls = named(lab().collector.spans, STREAM_SPANS.poll).filter((span) => span.traceId === traceId);
    expect(polls.filter(({ status }) => status.code === 2)).toHaveLength(1);
    expect(attributesOf(traceHeader, STREAM_SPANS.globalStream)?.status.code).not.toBe(2);
  });

  test("C9 after all this the process lives, holds no lease, and nothing was thrown into the void", async () => {
    expect(host.alive).toBe(true);
    expect(await lab().scan("leases")).toEqual([]);
    expect(host.lines.filter((line) => /unhandled|handler failed/i.test(line))).toEqual([]);
    expect(linesWith(host.lines, "otel_diagnostic")).toEqual([]);
    const status = await connect(urlEvent({ path: STREAM_ROUTES.status }));
    expect(jsonOf(status.answer)).toMatchObject({ connections: 0, state_valid: true });
  });
});
