import { USER_LIMITS } from "../../contract/api";
import { tokenAudience } from "../../contract/streaming";
import { RESOLUTIONS } from "../../contract/tables";
import { grantedTo, usesOf } from "../support/access-used";
import { describeApi } from "../support/api-lab";
import { analysisRequest, pendingItem, snsEvent } from "../support/news";
import { ENVIRONMENT, SIGNING_KEY } from "../support/pipeline-variables";
import { accessToken, analyzedArticle, bucketRow } from "../support/stream-seeds";

type Item = Record<string, unknown>;

const HOUR_MS = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();

/** An article with all its attributes, analyzed so many hours ago. */
function article(headline: string, hours: number, tickers: readonly string[], more: Item = {}): Item {
  return {
    ...analyzedArticle(tickers, { analyzed_at: ago(hours), published_at: ago(hours + 1) }),
    source_id: `dedup:${headline}`,
    headline,
    text_for_analysis: `The whole text of ${headline}`,
    text_snippet: `${headline} in short`,
    source_url: "https://news.example/one",
    sources: ["tiingo"],
    ...more,
  };
}

describeApi("the API's routes", (lab) => {
  const used = new Set<string>();
  let token = "";

  beforeAll(async () => {
    token = await lab().session();
    const news = [
      article("newest", 0.2, ["AAPL", "MSFT"]),
      article("gloomy", 2, ["AAPL"], { sentiment: "negative", score: -0.75 }),
      article("quiet", 30, ["MSFT"], { sentiment: "neutral", score: 0, source_url: "javascript:alert(1)" }),
      article("corrupt", 1, ["AAPL"], { score: 7 }),
    ];
    for (const item of news) await lab().pipeline.put("items", item);
  });

  afterEach(() => {
    for (const call of lab().pipeline.gateway.calls) for (const use of usesOf(call)) used.add(use);
  });

  test("GET /health reads the table of articles", async () => {
    const { status, json } = await lab().send("GET", "/health");
    expect([status, json]).toEqual([200, { status: "ok" }]);
    expect(lab().pipeline.gateway.calls.flatMap(usesOf)).toEqual(["items:GetItem"]);
  });

  test("D29 D34 GET runtime tells where the stream really is, and how pages report", async () => {
    const { status, json } = await lab().send("GET", "/api/v2/runtime");
    expect([status, json]).toEqual([
      200,
      {
        sse_url: "http://127.0.0.1:9/",
        environment: ENVIRONMENT,
        rum: {
          monitor_id: "00000000-0000-0000-0000-000000000000",
          identity_pool_id: "eu-west-1:00000000-0000-0000-0000-000000000000",
          sample_rate: 1,
          region: "us-east-1",
        },
      },
    ]);
  });

  test("D19 an anonymous session lasts thirty days and is a row of its own", async () => {
    const { status, json } = await lab().send("POST", "/api/v2/auth/anonymous", { body: {} });
    expect(status).toBe(201);
    const row = (await lab().pipeline.scan("users")).find(({ PK }) => PK === `USER#${json["token"]}`);
    const ends = Number(row?.["ttl_timestamp"]);
    expect(row).toMatchObject({ SK: "PROFILE", entity_type: "USER" });
    expect(json["expires_at"]).toBe(new Date(ends * 1000).toISOString());
    expect(Math.abs(ends - Date.now() / 1000 - USER_LIMITS.sessionSeconds)).toBeLessThan(60);
  });

  test("D11 GET metrics counts a while, keeps it for a moment, and shows no full text", async () => {
    const first = await lab().send("GET", "/api/v2/metrics", { token });
    expect(first.json).toMatchObject({
      hours: 24,
      ...{ total: 2, positive: 1, neutral: 0, negative: 1 },
      by_tag: { AAPL: 2, MSFT: 1 },
      ...{ rate_last_hour: 1, rate_last_24h: 2, truncated: false, cache_hit: false },
    });
    const items = first.json["recent_items"] as readonly Item[];
    expect(items.map(({ headline, score }) => [headline, score])).toEqual([
      ["newest", 0.5],
      ["gloomy", -0.75],
    ]);
    expect(first.text).not.toContain("text_for_analysis");
    expect(first.text).not.toContain("whole text");

    lab().clear();
    const second = await lab().send("GET", "/api/v2/metrics?hours=24", { token });
    expect(second.json).toEqual({ ...first.json, cache_hit: true });
    expect(lab().pipeline.gateway.calls.flatMap(usesOf)).toEqual(["users:GetItem"]);
    expect((await lab().routeSegment()).annotations?.["cache_hit"]).toBe(true);
  });

  test("GET metrics of another while counts anew", async () => {
    const week = (await lab().send("GET", "/api/v2/metrics?hours=168", { token })).json;
    expect(week).toMatchObject({
      hours: 168,
      total: 3,
      rate_last_hour: 1,
      rate_last_24h: 2,
      cache_hit: false,
    });
    const hour = (await lab().send("GET", "/api/v2/metrics?hours=1", { token })).json;
    expect(hour).toMatchObject({ hours: 1, total: 1, by_tag: { AAPL: 1, MSFT: 1 }, rate_last_24h: 2 });
  });

  test("D1 D11 GET articles finds by ticker, newest first, with headlines from the table", async () => {
    const headlines = async (query: string) => {
      const { json } = await lab().send("GET", `/api/v2/articles${query}`, { token });
      return (json["articles"] as readonly Item[]).map(({ headline }) => headline);
    };
    expect(await headlines("")).toEqual(["newest", "gloomy", "quiet"]);
    expect(await headlines("?tags=MSFT")).toEqual(["newest", "quiet"]);
    expect(await headlines("?tags=tsla")).toEqual([]);
    expect(await headlines("?tags=tsla,aapl,aapl")).toEqual(["newest", "gloomy"]);
    expect(await headlines("?tags=AAPL&sentiment=negative")).toEqual(["gloomy"]);
    expect(await headlines("?limit=1")).toEqual(["newest"]);
    const { json, text } = await lab().send("GET", "/api/v2/articles?tags=MSFT&sentiment=neutral", { token });
    expect(json).toEqual({
      articles: [
        {
          source_id: "dedup:quiet",
          headline: "quiet",
          source_url: "",
          text_snippet: "quiet in short",
          sources: ["tiingo"],
          matched_tickers: ["MSFT"],
          sentiment: "neutral",
          score: 0,
          published_at: expect.any(String),
          analyzed_at: expect.any(String),
        },
      ],
      count: 1,
      truncated: false,
    });
    expect(text).not.toContain("javascript");
  });

  test("D23 keys DynamoDB leaves unprocessed are asked for again", async () => {
    const table = "dev-sentiment-items";
    let times = 0;
    lab().pipeline.gateway.answerWith(({ operation, input }) => {
      if (operation === "BatchGetItem") times += 1;
      if (operation !== "BatchGetItem" || times > 2) return undefined;
      return JSON.stringify({ Responses: { [table]: [] }, UnprocessedKeys: input["RequestItems"] });
    });
    const { json } = await lab().send("GET", "/api/v2/articles?tags=MSFT", { token });
    expect(times).toBe(3);
    expect(json["count"]).toBe(2);
  });

  test("D11 D12 GET timeseries reads the very buckets analysis writes, and the open one apart", async () => {
    const at = new Date().toISOString();
    const request = analysisRequest({
      published_at: at,
      created_at: at,
      timestamp: at.slice(0, 10),
      matched_tickers: ["NFLX"],
    });
    await lab().pipeline.put("items", pendingItem(request));
    await lab().pipeline.run("analysis", snsEvent(request));
    lab().clear();
    for (const resolution of Object.keys(RESOLUTIONS)) {
      const { json } = await lab().send("GET", `/api/v2/timeseries/nflx?resolution=${resolution}`);
      const all = [...(json["buckets"] as Item[]), json["partial_bucket"] as Item].filter(
        (one) => one !== null,
      );
      expect([resolution, all]).toEqual([
        resolution,
        [expect.objectContaining({ count: 1, label_counts: { positive: 1, neutral: 0, negative: 0 } })],
      ]);
      expect(Number(all[0]?.["score"])).toBeGreaterThan(0.33);
    }
    const { json } = await lab().send("GET", "/api/v2/timeseries/NFLX?resolution=24h");
    expect(json).toMatchObject({
      ticker: "NFLX",
      buckets: [],
      cache_hit: true,
      query_time_ms: 0,
      has_more: false,
    });
    expect(json["partial_bucket"]).toMatchObject({
      start: `${at.slice(0, 10)}T00:00:00.000Z`,
      is_partial: true,
    });
  });

  test("GET timeseries pages through all buckets once, with a cursor for this query only", async () => {
    const now = Date.now();
    for (let hours = 1; hours <= 5; hours += 1) {
      await lab().pipeline.put("timeseries", bucketRow("AMD", "1h", now - hours * HOUR_MS, now));
    }
    const path = "/api/v2/timeseries/AMD?resolution=1h&limit=2";
    const starts: unknown[] = [];
    let cursor: unknown = null;
    for (let pages = 0; pages < 3; pages += 1) {
      const query: string = cursor === null ? "" : `&cursor=${String(cursor)}`;
      const { json } = await lab().send("GET", `${path}${query}`);
      starts.push(...(json["buckets"] as readonly Item[]).map(({ start }) => start));
      expect(json["has_more"]).toBe(pages < 2);
      cursor = json["next_cursor"];
      if (pages === 0) {
        for (const other of ["AMD?resolution=5m", "INTC?resolution=1h", `AMD?resolution=1h&end=${ago(1)}`]) {
          const refused = await lab().send("GET", `/api/v2/timeseries/${other}&cursor=${String(cursor)}`);
          expect([other, refused.status]).toEqual([other, 400]);
        }
      }
    }
    expect(cursor).toBeNull();
    expect(starts).toHaveLength(5);
    expect(starts).toEqual([...new Set(starts)].sort());
  });

  test("GET timeseries takes bounds in any time zone and finds the bucket they lie in", async () => {
    await lab().pipeline.put("timeseries", bucketRow("UBER", "1h", Date.parse("2026-01-05T09:00:00Z"), 0));
    const found = async (query: string) =>
      ((await lab().send("GET", `/api/v2/timeseries/UBER?${query}`)).json["buckets"] as Item[]).length;
    expect(await found("start=2026-01-05T09:45:00Z&end=2026-01-05T09:50:00Z")).toBe(1);
    expect(
      await found(`start=${encodeURIComponent("2026-01-05T10:10:00+01:00")}&end=2026-01-05T09:50:00Z`),
    ).toBe(1);
    expect(await found("start=2026-01-05T10:00:00Z&end=2026-01-05T11:00:00Z")).toBe(0);
  });

  test("configurations are made, listed, changed and ended; the rows are those the stream and ingestion read", async () => {
    const user = await lab().session();
    const body = {
      name: " Tech 🚀 ",
      tickers: [{ symbol: "aapl", name: "Apple", exchange: "NASDAQ" }, { symbol: "BRK.B" }],
    };
    const made = await lab().send("POST", "/api/v2/configurations", { token: user, body });
    expect([made.status, made.json]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[A-Za-z0-9-]{1,64}$/),
        name: "Tech 🚀",
        tickers: [
          { symbol: "AAPL", name: "Apple", exchange: "NASDAQ", added_at: expect.any(String) },
          { symbol: "BRK.B", name: "BRK.B", added_at: expect.any(String) },
        ],
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
    const id = String(made.json["id"]);
    const rowOf = async () =>
      (await lab().pipeline.scan("users")).find(
        (row) => row["PK"] === `USER#${user}` && row["SK"] === `CONFIG#${id}`,
      );
    expect(await rowOf()).toMatchObject({
      ...{ entity_type: "CONFIGURATION", status: "active", ttl_timestamp: expect.any(Number) },
      tickers: [{ symbol: "AAPL" }, { symbol: "BRK.B" }],
    });
    const path = `/api/v2/configurations/${id}`;
    const tickers = [{ symbol: "MSFT" }, { symbol: "AAPL" }];
    const changed = await lab().send("PATCH", path, { token: user, body: { tickers } });
    expect(changed.json).toMatchObject({
      id,
      name: "Tech 🚀",
      tickers: [{ symbol: "MSFT" }, { symbol: "AAPL" }],
    });
    const [, kept] = changed.json["tickers"] as Item[];
    expect(kept?.["added_at"]).toBe((made.json["tickers"] as Item[])[0]?.["added_at"]);
    const list = () => lab().send("GET", "/api/v2/configurations", { token: user });
    expect((await list()).json).toEqual({ configurations: [changed.json] });

    const stranger = { token: await lab().session() };
    expect((await lab().send("PATCH", path, { ...stranger, body: { name: "Mine" } })).status).toBe(404);
    expect((await lab().send("DELETE", path, stranger)).status).toBe(404);

    const ended = await lab().send("DELETE", path, { token: user });
    expect([ended.status, ended.text]).toEqual([204, ""]);
    expect((await rowOf())?.["status"]).toBe("inactive");
    expect((await list()).json).toEqual({ configurations: [] });
    expect((await lab().send("PATCH", path, { token: user, body: { name: "Again" } })).status).toBe(404);
    expect((await lab().send("DELETE", path, { token: user })).status).toBe(404);
  });

  test("a user has two configurations at most, and one that was ended makes room", async () => {
    const user = await lab().session();
    const make = () =>
      lab().send("POST", "/api/v2/configurations", {
        token: user,
        body: { name: "One", tickers: [{ symbol: "A" }] },
      });
    const first = await make();
    expect([first.status, (await make()).status, (await make()).status]).toEqual([201, 201, 409]);
    await lab().send("DELETE", `/api/v2/configurations/${String(first.json["id"])}`, { token: user });
    expect([(await make()).status, (await make()).status]).toEqual([201, 409]);
  });

  test("three environments that look at once and then write still make two configurations", async () => {
    const user = await lab().session();
    const ways = await Promise.all([lab().another(), lab().another(), lab().another()]);
    lab().clear();
    // Every environment has seen an empty list before any of them writes.
    lab().pipeline.gateway.failWhen(({ operation }) =>
      operation === "PutItem" ? { delayMs: 800 } : undefined,
    );
    const body = { name: "Race", tickers: [{ symbol: "A" }] };
    const answers = await Promise.all(
      ways.map((via) => lab().send("POST", "/api/v2/configurations", { token: user, body, via })),
    );
    const operations = lab().pipeline.gateway.calls.map(({ operation }) => operation);
    expect(operations.lastIndexOf("Query")).toBeLessThan(operations.indexOf("PutItem"));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
    const { json } = await lab().send("GET", "/api/v2/configurations", { token: user });
    expect(json["configurations"]).toHaveLength(USER_LIMITS.configurations);
  });

  test("D13 D14 alert rules are rows the evaluator finds by ticker, and a threshold may be 0", async () => {
    const user = await lab().session();
    const rule = { alert_type: "sentiment_threshold", threshold_value: 0, threshold_direction: "below" };
    const made = await lab().send("POST", "/api/v2/alerts", {
      token: user,
      body: { ticker: "aapl", ...rule },
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      ticker: "AAPL",
      ...rule,
      status: "enabled",
      trigger_count: 0,
      last_triggered_at: null,
    });
    const row = (await lab().pipeline.scan("users")).find(
      ({ SK }) => SK === `ALERT#${String(made.json["id"])}`,
    );
    expect(row).toMatchObject({
      ...{ PK: `USER#${user}`, entity_type: "ALERT_RULE", status: "enabled", ticker: "AAPL", ...rule },
      ...{ trigger_count: 0, created_at: expect.any(String), ttl_timestamp: expect.any(Number) },
    });
    for (let count = 1; count < USER_LIMITS.alerts; count += 1) {
      const next = await lab().send("POST", "/api/v2/alerts", {
        token: user,
        body: { ticker: "A", ...rule },
      });
      expect(next.status).toBe(201);
    }
    const refused = await lab().send("POST", "/api/v2/alerts", {
      token: user,
      body: { ticker: "A", ...rule },
    });
    expect([refused.status, refused.json["type"]]).toEqual([409, "urn:sentiment:problem:limit-reached"]);
    const { json } = await lab().send("GET", "/api/v2/alerts", { token: user });
    expect(json["alerts"]).toHaveLength(USER_LIMITS.alerts);
  });

  test("D19 a user who stays comes with a signed token, and the user's rows stay too", async () => {
    const user = accessToken("somebody", { aud: tokenAudience(ENVIRONMENT) }, SIGNING_KEY);
    const body = { name: "Mine", tickers: [{ symbol: "A" }] };
    expect((await lab().send("POST", "/api/v2/configurations", { token: user, body })).status).toBe(201);
    const row = (await lab().pipeline.scan("users")).find(({ PK }) => PK === "USER#somebody");
    expect(row).toMatchObject({ entity_type: "CONFIGURATION", status: "active" });
    expect(row).not.toHaveProperty("ttl_timestamp");
  });

  test("IAM-1 dashboard calls exactly what the contract grants", async () => {
    expect([...used].sort()).toEqual([...grantedTo("dashboard")].sort());
  });
});
