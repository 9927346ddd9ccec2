import { SERVICES } from "../../../contract/services";
import { STREAM_ANNOTATIONS, STREAM_METADATA, STREAM_SPANS } from "../../../contract/spans";
import { newTraceHeader } from "../../../lab/runtime/function-host";
import type { ReceivedSpan } from "../../../lab/runtime/otlp-traces";
import type { Connection, StreamHost } from "../../../lab/runtime/stream-host";
import { END_MS, eventsIn, globalStream, linesWith, named, traceOf } from "../../support/stream-reading";
import { analyzedArticle, bucketRow } from "../../support/stream-seeds";
import { describeStream } from "../../support/stream-suite";

const MEANINGS: Readonly<Record<string, string>> = { ...STREAM_ANNOTATIONS, ...STREAM_METADATA };

/** The keys a kind of span always has, and those it may have. */
const KEYS: Readonly<
  Record<string, { readonly always: readonly string[]; readonly sometimes: readonly string[] }>
> = {
  [STREAM_SPANS.globalStream]: {
    always: [
      "session_id",
      "previous_trace_id",
      "connection_sequence",
      "is_cold_start",
      "flush_reason",
      "resumed",
    ],
    sometimes: ["http_status", "client_disconnected", "drain_timeout", "suppressed_span_count"],
  },
  [STREAM_SPANS.acquire]: { always: ["connection_id", "current_count", "max_connections"], sometimes: [] },
  [STREAM_SPANS.release]: { always: ["current_count"], sometimes: [] },
  [STREAM_SPANS.dispatch]: {
    always: ["event_type", "is_cold_start", "connection_count"],
    sometimes: ["latency_ms", "is_clock_skew", "ticker", "resolution"],
  },
  [STREAM_SPANS.poll]: {
    always: ["item_count", "changed_count", "poll_duration_ms", "cache_hit"],
    sometimes: [
      ...[
        "cache_hit_rate",
        "cache_entry_count",
        "cache_max_entries",
        "cache_hits",
        "cache_misses",
        "trigger",
      ],
      ...["is_cold_start", "poll_count", "corrupt_count"],
      ...["db.system", "rpc.system", "rpc.service", "rpc.method", "aws.dynamodb.table_names"],
    ],
  },
  [STREAM_SPANS.querySentiment]: {
    always: [
      ...["sentiment_type", "item_count"],
      ...["db.system", "rpc.system", "rpc.service", "rpc.method", "aws.dynamodb.table_names"],
    ],
    sometimes: [],
  },
  [STREAM_SPANS.putMetric]: {
    always: ["rpc.system", "rpc.service", "rpc.method", "metric_count"],
    sometimes: [],
  },
  [STREAM_SPANS.flush]: { always: ["flush_reason"], sometimes: [] },
};

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}

describeStream("What the spans of a stream say", (lab) => {
  let host: StreamHost;
  let first: Connection;
  let spans: readonly ReceivedSpan[];
  const firstTrace = newTraceHeader();
  const secondTrace = newTraceHeader();
  const SLOW_BUCKET_MS = 7000;
  /** When the 1h bucket of SKEW was last written: before its article came, so the age is that of the bucket (D24). */
  let writtenAt: number;

  beforeAll(async () => {
    host = await lab().host();
    const running = host.connect(
      globalStream({ headers: { "X-SSE-Session-Id": "tab_1-a", "X-SSE-Connection-Seq": "1" } }),
      { remainingMs: END_MS + 7000, traceHeader: firstTrace },
    );
    const now = Date.now();
    writtenAt = now - SLOW_BUCKET_MS;
    await lab().put(
      "timeseries",
      bucketRow("AAPL", "1h", now, writtenAt),
      bucketRow("SKEW", "1h", now, now + 60_000),
    );
    // All in one step, so that one poll brings them.
    const analyzed_at = new Date(now).toISOString();
    await lab().put(
      "items",
      analyzedArticle(["AAPL", "SKEW"], { analyzed_at }),
      // Corrupt in every way an item can be; none may cost the others their place.
      analyzedArticle(["BAD"], { analyzed_at, score: "high" }),
      analyzedArticle(["BAD"], { analyzed_at, matched_tickers: "AAPL" }),
      analyzedArticle(["BAD"], { analyzed_at, published_at: "yesterday" }),
    );
    await new Promise((resolve) => setTimeout(resolve, 3500));
    const second = host.connect(
      globalStream({
        headers: {
          "X-SSE-Session-Id": "tab_1-a",
          "X-SSE-Connection-Seq": "2",
          "X-SSE-Previous-Trace": traceOf(firstTrace).root,
          "Last-Event-ID": `${Math.floor(Date.now() / 1000) * 1000 - 10_000}-0`,
        },
      }),
      { remainingMs: END_MS + 2500, traceHeader: secondTrace },
    );
    [first] = await Promise.all([running, second]);
    spans = lab().collector.spans;
  });

  const of = (header: string, name: string) =>
    named(spans, name).filter(({ traceId }) => traceId === traceOf(header).traceId);

  test.each(Object.keys(KEYS))(
    "ANN-1 ANN-2 ANN-3 ANN-4 ANN-5 DAT-3 %s has exactly its keys, with values of the promised type",
    (name) => {
      const { always, sometimes } = KEYS[name] as (typeof KEYS)[string];
      const all = named(spans, name);
      expect(all.length).toBeGreaterThan(0);
      for (const { attributes } of all) {
        const keys = Object.keys(attributes);
        expect(always.filter((key) => !keys.includes(key))).toEqual([]);
        expect(keys.filter((key) => !always.includes(key) && !sometimes.includes(key))).toEqual([]);
        for (const [key, value] of Object.entries(attributes)) {
          expect([key, typeOf(value)]).toEqual([key, MEANINGS[key]?.split(":")[0]]);
        }
      }
    },
  );

  test("DAT-2 DAT-3 no span has a key outside the contract, and the indexed keys are few enough", () => {
    const known = new Set(Object.keys(MEANINGS));
    const seen = spans.flatMap(({ attributes }) => Object.keys(attributes));
    expect([...new Set(seen)].filter((key) => !known.has(key))).toEqual([]);
    expect(Object.keys(STREAM_ANNOTATIONS).length).toBeLessThanOrEqual(22);
  });

  test("ANN-1 D24 latency is measured from the bucket's last write, not from the moment of sending", () => {
    const dispatched = of(firstTrace, STREAM_SPANS.dispatch).find(
      ({ attributes }) => attributes["ticker"] === "AAPL" && attributes["resolution"] === "1h",
    );
    const event = eventsIn(first).find(
      ({ data }) => data["ticker"] === "AAPL" && data["resolution"] === "1h",
    );
    expect(event?.data["origin_timestamp"]).toBe(new Date(writtenAt).toISOString());
    const latency = Number(dispatched?.attributes["latency_ms"]);
    expect(Math.abs((dispatched?.startedAt ?? 0) - writtenAt - latency)).toBeLessThanOrEqual(20);
    expect(latency).toBeGreaterThan(SLOW_BUCKET_MS);
    const others = of(firstTrace, STREAM_SPANS.dispatch).flatMap(({ attributes }) =>
      typeof attributes["latency_ms"] === "number" && attributes["ticker"] === "AAPL"
        ? [attributes["latency_ms"]]
        : [],
    );
    // Two seconds is the wait for the index alone.
    for (const one of others) expect(one).toBeGreaterThanOrEqual(2000);
  });

  test("ANN-1 a change that lies in the future says that two clocks disagree", () => {
    const skewed = of(firstTrace, STREAM_SPANS.dispatch).filter(
      ({ attributes }) => attributes["is_clock_skew"] === true,
    );
    expect(skewed).toHaveLength(1);
    expect(skewed[0]?.attributes).toMatchObject({ ticker: "SKEW", resolution: "1h" });
    expect(Number(skewed[0]?.attributes["latency_ms"])).toBeLessThan(0);
  });

  test("ANN-1 ANN-4 cold start, counts and limit are those of the moment", () => {
    for (const { attributes } of of(firstTrace, STREAM_SPANS.dispatch))
      expect(attributes["is_cold_start"]).toBe(true);
    for (const { attributes } of of(secondTrace, STREAM_SPANS.dispatch))
      expect(attributes["is_cold_start"]).toBe(false);
    expect(of(firstTrace, STREAM_SPANS.acquire)[0]?.attributes).toMatchObject({
      current_count: 1,
      max_connections: 100,
    });
    expect(of(secondTrace, STREAM_SPANS.acquire)[0]?.attributes).toMatchObject({ current_count: 2 });
    const counts = of(secondTrace, STREAM_SPANS.dispatch).map(
      ({ attributes }) => attributes["connection_count"],
    );
    expect(counts[0]).toBe(2);
  });

  test("ANN-2 D25 the cache that is measured is the one in use: a miss on the first poll, hits for the second stream", () => {
    const cold = of(firstTrace, STREAM_SPANS.poll)[0];
    expect(cold?.attributes).toMatchObject({ trigger: "cold_start", cache_hit: false, cache_hit_rate: 0 });
    const own = of(secondTrace, STREAM_SPANS.poll);
    // The steps it resumes from are in memory.
    const replay = own.find(({ attributes }) => Number(attributes["changed_count"]) > 0);
    expect(replay?.attributes).toMatchObject({ cache_hit: true, item_count: 0 });
    for (const { attributes } of named(spans, STREAM_SPANS.poll))
      expect(typeof attributes["cache_hit"]).toBe("boolean");
  });

  test("ANN-5 C9 a poll counts what it read, what came of it and what was corrupt", () => {
    const busy = of(firstTrace, STREAM_SPANS.poll).find(
      ({ attributes }) => Number(attributes["changed_count"]) > 0,
    );
    expect(busy?.attributes["item_count"]).toBe(4);
    expect(busy?.attributes["corrupt_count"]).toBe(3);
    expect(busy?.attributes["changed_count"]).toBe(1 + 2 + 12);
    const queries = named(spans, STREAM_SPANS.querySentiment).filter(
      ({ parentSpanId }) => parentSpanId === busy?.spanId,
    );
    expect(queries.map(({ attributes }) => attributes["sentiment_type"]).sort()).toEqual([
      "negative",
      "neutral",
      "positive",
    ]);
    expect(eventsIn(first).filter(({ data }) => data["ticker"] === "BAD")).toEqual([]);
    expect(eventsIn(first).filter(({ data }) => data["ticker"] === "AAPL")).toHaveLength(7);
  });

  test("D27 SSE-D6 the stream's span has the tab's session, the trace before and the number of the connection", () => {
    expect(of(firstTrace, STREAM_SPANS.globalStream)[0]?.attributes).toMatchObject({
      session_id: "tab_1-a",
      previous_trace_id: "none",
      connection_sequence: 1,
      resumed: false,
    });
    expect(of(secondTrace, STREAM_SPANS.globalStream)[0]?.attributes).toMatchObject({
      session_id: "tab_1-a",
      previous_trace_id: traceOf(firstTrace).root,
      connection_sequence: 2,
      resumed: true,
    });
  });

  test("CORR-1 CORR-2 every line of a stream has the bare id of its own trace, and no other id", () => {
    const lines = linesWith(host.lines, "level");
    const ids = lines.map((line) => line["xray_trace_id"]);
    expect([...new Set(ids)].sort()).toEqual([traceOf(firstTrace).root, traceOf(secondTrace).root].sort());
    expect(linesWith(host.lines, "correlation_id")).toEqual([]);
    for (const line of lines) expect(line["service"]).toBe(SERVICES.sse.serviceName);
  });
});
