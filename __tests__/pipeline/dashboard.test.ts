import { API_ROUTES, type ApiRouteKey, USER_LIMITS } from "../../contract/api";
import { tokenAudience } from "../../contract/streaming";
import { sessionUser } from "../../functions/runtime/access-token";
import { grantedTo, usesOf } from "../support/access-used";
import { describeApi, type Sent } from "../support/api-lab";
import { analysisRequest, pendingItem, snsEvent } from "../support/news";
import { ENVIRONMENT, SIGNING_KEY } from "../support/pipeline-variables";
import { accessToken, analyzedArticle } from "../support/stream-seeds";

type Item = Record<string, unknown>;

/** Status of a route that goes well, where it is not 200. */
const STATUS: Partial<Record<ApiRouteKey, number>> = {
  createSession: 201,
  createConfiguration: 201,
  deleteConfiguration: 204,
  createAlert: 201,
};

describeApi("the API's routes", (lab) => {
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
    const row = (await lab().pipeline.scan("users")).find(
      ({ PK }) => PK === `USER#${sessionUser(String(json["token"]))}`,
    );
    expect(JSON.stringify(await lab().pipeline.scan("users"))).not.toContain(json["token"]);
    const ends = Number(row?.["ttl_timestamp"]);
    expect(row).toMatchObject({ SK: "PROFILE", entity_type: "USER" });
    expect(json["expires_at"]).toBe(new Date(ends * 1000).toISOString());
    expect(Math.abs(ends - Date.now() / 1000 - USER_LIMITS.sessionSeconds)).toBeLessThan(60);
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
        (row) => row["PK"] === `USER#${sessionUser(user)}` && row["SK"] === `CONFIG#${id}`,
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

  test("ingestion asks the vendors for what a user began to watch here", async () => {
    const user = await lab().session();
    const body = { name: "Rare", tickers: [{ symbol: "zyxi" }] };
    await lab().send("POST", "/api/v2/configurations", { token: user, body });
    await lab().pipeline.run("ingestion");
    expect(lab().pipeline.finnhub.calls.map(({ query }) => query.get("symbol"))).toContain("ZYXI");
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

  test("an answer of DynamoDB that got lost does not make a second configuration", async () => {
    const user = await lab().session();
    let puts = 0;
    lab().pipeline.gateway.failWhen(({ operation }) => {
      if (operation !== "PutItem") return undefined;
      puts += 1;
      // The function gives up waiting after 3 s; the row is written all the same, before the second try.
      return { delayMs: puts === 1 ? 3500 : 1500 };
    });
    const body = { name: "Once", tickers: [{ symbol: "A" }] };
    expect((await lab().send("POST", "/api/v2/configurations", { token: user, body })).status).toBe(201);
    expect(puts).toBe(2);
    const { json } = await lab().send("GET", "/api/v2/configurations", { token: user });
    expect(json["configurations"]).toHaveLength(1);
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
      ...{
        PK: `USER#${sessionUser(user)}`,
        entity_type: "ALERT_RULE",
        status: "enabled",
        ticker: "AAPL",
        ...rule,
      },
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

  test("D14 a rule made here is triggered by analysis, and the list says so", async () => {
    const user = await lab().session();
    const rule = { ticker: "shop", alert_type: "sentiment_threshold", threshold_direction: "above" };
    const made = await lab().send("POST", "/api/v2/alerts", {
      token: user,
      body: { ...rule, threshold_value: 0.4 },
    });
    const request = analysisRequest({ matched_tickers: ["SHOP"] });
    await lab().pipeline.put("items", pendingItem(request));
    await lab().pipeline.run("analysis", snsEvent(request));
    const [event] = await lab().pipeline.published("notifications");
    const message = JSON.parse(String(event?.Records[0]?.Sns["Message"])) as Item;
    expect(message).toMatchObject({
      user_id: sessionUser(user),
      alert_id: made.json["id"],
      ticker: "SHOP",
      threshold: 0.4,
    });
    const { json } = await lab().send("GET", "/api/v2/alerts", { token: user });
    const triggered = { trigger_count: 1, last_triggered_at: message["triggered_at"] };
    expect(json["alerts"]).toEqual([{ ...made.json, ...triggered }]);
  });

  test("D19 a user who stays comes with a signed token, and the user's rows stay too", async () => {
    const user = accessToken("somebody", { aud: tokenAudience(ENVIRONMENT) }, SIGNING_KEY);
    const body = { name: "Mine", tickers: [{ symbol: "A" }] };
    expect((await lab().send("POST", "/api/v2/configurations", { token: user, body })).status).toBe(201);
    const row = (await lab().pipeline.scan("users")).find(({ PK }) => PK === "USER#somebody");
    expect(row).toMatchObject({ entity_type: "CONFIGURATION", status: "active" });
    expect(row).not.toHaveProperty("ttl_timestamp");
  });

  test("IAM-1 all routes together call exactly what the contract grants", async () => {
    await lab().pipeline.put("items", { ...analyzedArticle(["A"]), headline: "One" });
    const gateway = await lab().another();
    lab().clear();
    const watch = { name: "One", tickers: [{ symbol: "A" }] };
    const rule = {
      ticker: "A",
      alert_type: "volatility_threshold",
      threshold_value: 1,
      threshold_direction: "above",
    };
    const bodies: Partial<Record<ApiRouteKey, Sent>> = {
      createConfiguration: { body: watch },
      updateConfiguration: { body: watch },
      createAlert: { body: rule },
    };
    const user = accessToken("everything", { aud: tokenAudience(ENVIRONMENT) }, SIGNING_KEY);
    const session = await lab().session();
    let id = "";
    for (const key of Object.keys(API_ROUTES) as ApiRouteKey[]) {
      const { method, path } = API_ROUTES[key];
      const filled = path.replace("{ticker}", "A").replace("{id}", id);
      const bearer = key === "metrics" ? session : user;
      const answer = await lab().send(method, filled, { ...bodies[key], token: bearer, via: gateway });
      expect([key, answer.status]).toEqual([key, STATUS[key] ?? 200]);
      id = String(answer.json["id"] ?? id);
    }
    const used = new Set(lab().pipeline.gateway.calls.flatMap(usesOf));
    expect([...used].sort()).toEqual([...grantedTo("dashboard")].sort());
  });
});
