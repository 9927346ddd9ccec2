import { HEADERS } from "../../../contract/headers";
import { STREAM, STREAM_ROUTES } from "../../../contract/streaming";
import { sessionUser } from "../../../functions/runtime/access-token";
import type { Connection, StreamHost } from "../../../lab/runtime/stream-host";
import { type UrlRequest, urlEvent } from "../../../lab/runtime/url-event";
import {
  configurationStream,
  END_MS,
  eventsIn,
  globalStream,
  jsonOf,
  linesWith,
  stepEventsIn,
} from "../../support/stream-reading";
import { accessToken, analyzedArticle, userRows } from "../../support/stream-seeds";
import { describeStream } from "../../support/stream-suite";

const ANONYMOUS = "5f0c1b52-7f0e-4f2e-9d5b-3a8f6f2f4c11";
const STRANGER = "5f0c1b52-7f0e-4f2e-9d5b-3a8f6f2f4c12";
/** Long enough for two steps. */
const SHORT = { remainingMs: END_MS + 2300 } as const;
/** Long enough for an answer that is no stream, and for a stream to begin. */
const BRIEF = { remainingMs: END_MS + 300 } as const;

/** The tickers of a stream's events, counts aside. */
function tickersOf(answer: Connection): readonly unknown[] {
  const about = stepEventsIn(answer).filter(({ name }) => name !== "metrics");
  return [...new Set(about.map(({ data }) => data["ticker"]))].sort();
}

describeStream("What a stream answers", (lab) => {
  let host: StreamHost;

  beforeAll(async () => {
    await lab().put(
      "users",
      ...userRows("ann", {
        mine: { status: "active", tickers: ["AAPL", "MSFT"] },
        old: { status: "inactive", tickers: ["AAPL"] },
        empty: { status: "active", tickers: [] },
      }),
      ...userRows(sessionUser(ANONYMOUS), { theirs: { status: "active", tickers: ["GOOG"] } }),
    );
    host = await lab().host();
    await lab().traffic(250, ["AAPL", "MSFT", "GOOG"]);
  });

  function ask(request: UrlRequest): Promise<Connection> {
    return host.connect(urlEvent(request), BRIEF);
  }

  test("SSE-G1 SSE-G4 the first bytes are the time to wait before reconnecting and two kilobytes of padding", async () => {
    const { body, prelude } = await host.connect(globalStream(), BRIEF);
    const text = Buffer.concat(body.map(({ bytes }) => bytes)).toString("utf8");
    expect(text.startsWith(`retry: ${STREAM.retryMs}\n:`)).toBe(true);
    expect(text.indexOf("event: heartbeat")).toBeGreaterThan(2048);
    expect(prelude).toMatchObject({
      statusCode: 200,
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-cache",
        "x-accel-buffering": "no",
      },
    });
    expect(prelude.headers?.[HEADERS.resumeSupported]).toBeDefined();
  });

  test("SSE-G1 SSE-G3 SSE-D5 every event is event, id and one line of data, with trace id and time", async () => {
    const answer = await host.connect(globalStream(), SHORT);
    const blocks = Buffer.concat(answer.body.map(({ bytes }) => bytes))
      .toString("utf8")
      .split("\n\n")
      .slice(1, -1);
    expect(blocks.length).toBeGreaterThan(10);
    for (const block of blocks) {
      expect(block).toMatch(/^event: [a-z_]+\n(id: \d{13}-\d+\n)?data: \{.*\}$/);
      const withoutId = /^event: (deadline|error|done)\n/.test(block);
      expect(block.includes("\nid: ")).toBe(!withoutId);
    }
    for (const { data } of eventsIn(answer)) {
      expect(data["trace_id"]).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
      expect(new Date(String(data["timestamp"])).toISOString()).toBe(data["timestamp"]);
    }
  });

  test("D18 tickers and resolutions filter; unknown values are dropped, and if none is left nothing matches", async () => {
    const queries = {
      "": ["AAPL", "GOOG", "MSFT"],
      "tickers=aapl,Msft": ["AAPL", "MSFT"],
      "tickers=AAPL,%3Cscript%3E": ["AAPL"],
      "tickers=%00,%0d%0a": [],
      "tickers=NVDA": [],
    };
    const resolutionsOf = async (query: string) => {
      const buckets = stepEventsIn(await host.connect(globalStream({ query }), SHORT)).filter(
        ({ name }) => name === "partial_bucket",
      );
      return [...new Set(buckets.map(({ data }) => data["resolution"]))].sort();
    };
    const [answers, [some, none]] = await Promise.all([
      Promise.all(
        Object.keys(queries).map(async (query) =>
          tickersOf(await host.connect(globalStream({ query }), SHORT)),
        ),
      ),
      Promise.all(["resolutions=1m,2h,1h", "resolutions=7d"].map(resolutionsOf)),
    ]);
    expect(answers).toEqual(Object.values(queries));
    expect(some).toEqual(["1h", "1m"]);
    expect(none).toEqual([]);
  });

  test("D18 D19 a configuration's stream has its own tickers, no counts, and is kept by nobody", async () => {
    const [mine, theirs, chosen, empty] = await Promise.all([
      host.connect(configurationStream("mine", accessToken("ann")), SHORT),
      host.connect(configurationStream("theirs", ANONYMOUS.toUpperCase()), SHORT),
      host.connect(configurationStream("mine", accessToken("ann"), { query: "tickers=MSFT,GOOG" }), SHORT),
      host.connect(configurationStream("empty", accessToken("ann")), SHORT),
    ]);
    expect([mine, theirs, chosen, empty].map(tickersOf)).toEqual([["AAPL", "MSFT"], ["GOOG"], ["MSFT"], []]);
    for (const answer of [mine, theirs, chosen, empty]) {
      expect(answer.prelude.headers).toMatchObject({ "cache-control": "no-store, private" });
      expect(eventsIn(answer).filter(({ name }) => name === "metrics")).toEqual([]);
    }
  });

  const now = Math.floor(Date.now() / 1000);
  const good = accessToken("ann");
  test.each<[string, string | undefined]>([
    ["none", undefined],
    ["garbage", "not.a.token"],
    ["10 kB", "x".repeat(10_000)],
    ["expired", accessToken("ann", { exp: now - 120 })],
    ["not yet valid", accessToken("ann", { nbf: now + 120 })],
    ["another audience", accessToken("ann", { aud: "prod" })],
    ["another issuer", accessToken("ann", { iss: "somebody" })],
    ["another key", accessToken("ann", {}, "another-key-of-more-than-32-bytes!!")],
    ["no roles", accessToken("ann", { roles: undefined })],
    ["no algorithm", `${Buffer.from('{"alg":"none"}').toString("base64url")}.${good.split(".")[1]}.`],
    ["a user id of nobody", STRANGER],
    ["a user id that is no UUID", "ann"],
  ])("D19 a bearer token is checked: %s", async (_title, token) => {
    const answer = await host.connect(configurationStream("mine", token), BRIEF);
    expect(answer.prelude).toMatchObject({ statusCode: 401, headers: { "www-authenticate": "Bearer" } });
    expect(Object.keys(jsonOf(answer) as object)).toEqual(["detail"]);
    if (token !== undefined) expect(JSON.stringify(jsonOf(answer))).not.toContain(token.slice(0, 8));
  });

  test("D19 neither a user id in a header nor one in the query is a token, and a minute of leeway is given", async () => {
    const bare = configurationStream("mine", undefined, {
      headers: { "X-User-ID": "ann" },
      query: "user_token=ann",
    });
    expect((await host.connect(bare, BRIEF)).prelude.statusCode).toBe(401);
    const late = accessToken("ann", { exp: now - 20 });
    expect((await host.connect(configurationStream("mine", late), BRIEF)).prelude.statusCode).toBe(200);
  });

  test.each(["theirs", "old", "nothing", "a%2F..%2Fb", "x".repeat(65)])(
    "D19 a configuration that is another user's, inactive or not there is not found: %s",
    async (id) => {
      const answer = await host.connect(configurationStream(id, good), BRIEF);
      expect(answer.prelude.statusCode).toBe(404);
      expect(JSON.stringify(jsonOf(answer))).not.toContain(id);
    },
  );

  test("C9 routes: slashes count once, other paths are 404, other methods 405, the status tells", async () => {
    expect((await ask({ path: "//api///v2/stream" })).prelude.statusCode).toBe(200);
    for (const path of ["/", "/api/v2/streams", "/api/v2/stream/", "/api/v2/stream/../stream", "\u0000"]) {
      expect([path, (await ask({ path })).prelude.statusCode]).toEqual([path, 404]);
    }
    const posted = await ask({ path: STREAM_ROUTES.global, method: "POST" });
    expect(posted.prelude).toMatchObject({ statusCode: 405, headers: { allow: "GET" } });
    const running = host.connect(globalStream(), SHORT);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const status = await ask({ path: STREAM_ROUTES.status });
    expect(status.prelude.headers?.["content-type"]).toContain("application/json");
    expect(jsonOf(status)).toEqual({
      connections: 1,
      max_connections: 100,
      available: 99,
      uptime_seconds: expect.any(Number),
      state_valid: true,
    });
    await running;
  });

  test("C9 events that no Function URL sends are refused, not thrown", async () => {
    for (const event of [
      {},
      { rawPath: 7 },
      { rawPath: STREAM_ROUTES.global, headers: null, requestContext: {} },
      [],
    ]) {
      const { prelude } = await host.connect(event, BRIEF);
      expect([404, 405]).toContain(prelude.statusCode);
    }
    const bare = {
      rawPath: STREAM_ROUTES.global,
      headers: null,
      requestContext: { http: { method: "GET" } },
    };
    expect((await host.connect(bare, BRIEF)).prelude.statusCode).toBe(200);
  });

  test("SSE-G1 the payloads are those of the document", async () => {
    const published = new Date(Date.now() - 1000).toISOString();
    const running = host.connect(globalStream({ query: "tickers=PAYL&resolutions=1h" }), {
      remainingMs: END_MS + 4500,
    });
    await lab().put(
      "items",
      analyzedArticle(["PAYL"], { score: -0.5, sentiment: "negative", published_at: published }),
      analyzedArticle(["PAYL"], { score: -0.1, sentiment: "neutral", published_at: published }),
      analyzedArticle(["PAYL"], { score: 0.3, sentiment: "negative", published_at: published }),
    );
    const events = eventsIn(await running);
    const common = { timestamp: expect.any(String), trace_id: expect.any(String) };
    const last = (name: string) => events.filter((event) => event.name === name).at(-1)?.data;
    expect(last("sentiment_update")).toEqual({
      ...common,
      ticker: "PAYL",
      score: -0.1,
      label: "negative",
      confidence: 0.1,
      count: 3,
      source: "aggregate",
      origin_timestamp: expect.any(String),
    });
    expect(last("partial_bucket")).toMatchObject({ ticker: "PAYL", resolution: "1h", is_partial: true });
    expect(last("heartbeat")).toEqual({
      ...common,
      connections: 1,
      uptime_seconds: expect.any(Number),
      state_valid: true,
    });
    const counts = last("metrics") as Readonly<Record<string, number>>;
    expect(Object.keys(counts).sort()).toEqual(
      [
        "by_tag",
        "negative",
        "neutral",
        "positive",
        "rate_last_24h",
        "rate_last_hour",
        "timestamp",
        "total",
        "trace_id",
      ].sort(),
    );
    expect(counts["total"]).toBe(
      (counts["positive"] ?? 0) + (counts["neutral"] ?? 0) + (counts["negative"] ?? 0),
    );
  });

  test("C9 after all this the process lives, holds no lease, and nothing was thrown into the void", async () => {
    expect(host.alive).toBe(true);
    expect(await lab().scan("leases")).toEqual([]);
    expect(host.lines.filter((line) => /unhandled|handler failed/i.test(line))).toEqual([]);
    expect(linesWith(host.lines, "level").filter((line) => line["level"] === "ERROR")).toEqual([]);
  });
});
