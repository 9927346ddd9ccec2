import { RESOLUTIONS } from "../../contract/tables";
import { usesOf } from "../support/access-used";
import { describeApi } from "../support/api-lab";
import { analysisRequest, pendingItem, snsEvent } from "../support/news";
import { analyzedArticle, bucketRow } from "../support/stream-seeds";

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

describeApi("the API's news", (lab) => {
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

  test("GET /health reads the table of articles", async () => {
    const { status, json } = await lab().send("GET", "/health");
    expect([status, json]).toEqual([200, { status: "ok" }]);
    expect(lab().pipeline.gateway.calls.flatMap(usesOf)).toEqual(["items:GetItem"]);
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

  test("reads a bounded number of pages, and says that there was more", async () => {
    const key = { source_id: { S: "dedup:x" }, timestamp: { S: "2026-01-01" } };
    lab().pipeline.gateway.answerWith(({ operation }) =>
      operation === "Query" ? JSON.stringify({ Items: [], Count: 0, LastEvaluatedKey: key }) : undefined,
    );
    const { json } = await lab().send("GET", "/api/v2/articles?tags=AAPL&sentiment=positive", { token });
    expect(json).toEqual({ articles: [], count: 0, truncated: true });
    const queries = lab().pipeline.gateway.calls.filter(({ operation }) => operation === "Query");
    expect(queries.map(({ input }) => input["ExclusiveStartKey"])).toEqual([undefined, key, key, key]);
  });

  test("an article that expired between index and table is left out", async () => {
    lab().pipeline.gateway.answerWith(({ operation }) =>
      operation === "BatchGetItem" ? JSON.stringify({ Responses: {} }) : undefined,
    );
    const { status, json } = await lab().send("GET", "/api/v2/articles", { token });
    expect([status, json]).toEqual([200, { articles: [], count: 0, truncated: false }]);
  });

  test("D23 keys that stay unprocessed end in a 503, not in a shorter list", async () => {
    lab().pipeline.gateway.answerWith(({ operation, input }) =>
      operation === "BatchGetItem"
        ? JSON.stringify({ Responses: {}, UnprocessedKeys: input["RequestItems"] })
        : undefined,
    );
    const { status, headers } = await lab().send("GET", "/api/v2/articles", { token });
    expect([status, headers.get("retry-after")]).toEqual([503, "30"]);
    expect((await lab().routeSegment()).fault).toBe(true);
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
});
