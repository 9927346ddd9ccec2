import { VENDOR_QUOTAS } from "../../contract/vendors";
import type { Script } from "../../lab/runtime/stub-vendors";
import { finnhubArticle, tiingoArticle } from "../support/news";
import { jsonLines, onlySegment, orphans, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

describePipeline("ingestion and its vendors", (lab) => {
  const ofVendor = (name: string, Vendor: string) =>
    valuesOf(lab().gateway.calls, name, { Environment: "dev", Vendor });

  describe("vendors that misbehave", () => {
    const misbehaviour: readonly (readonly [string, Script, string])[] = [
      ["an empty body", { kind: "empty" }, "malformed"],
      ["status 500", { kind: "status", status: 500 }, "server-error"],
      ["status 429", { kind: "status", status: 429 }, "rate-limited"],
      ["status 403", { kind: "status", status: 403 }, "unauthorized"],
      ["truncated JSON", { kind: "truncated" }, "malformed"],
      ["a 20 MB body", { kind: "huge", bytes: 20 * 1024 * 1024 }, "too-large"],
    ];

    test.each(misbehaviour)(
      "%s: one report, the other vendor's news, no key in sight",
      async (_, script, failure) => {
        await lab().watch("AAPL");
        lab().tiingo.script(script);
        lab().finnhub.script({ kind: "articles", articles: [finnhubArticle("Still here")] });
        const { result, lines } = await lab().run("ingestion");
        expect(result).toMatchObject({ statusCode: 207, created: 1 });
        expect(ofVendor("VendorApiErrors", "tiingo")).toEqual([1]);
        expect(ofVendor("VendorApiErrors", "finnhub")).toEqual([0]);
        const documents = await lab().daemon.settled();
        const aggregate = onlySegment(documents, "parallel_fetch_aggregate");
        expect(aggregate.cause?.exceptions[0]?.message).toContain(failure);
        const root = onlySegment(documents, "handle_event").parent_id ?? "";
        expect(orphans(documents, [root])).toEqual([]);
        expect(`${lines.join("\n")}${JSON.stringify(documents)}`).not.toContain("key-of-");
        expect(Math.max(...lab().daemon.sizes)).toBeLessThan(64 * 1024);
      },
    );

    test("an empty list is a quiet day, not a failure", async () => {
      await lab().watch("AAPL");
      const { result } = await lab().run("ingestion");
      expect(result).toMatchObject({ statusCode: 200, fetched: 0, created: 0 });
      expect(valuesOf(lab().gateway.calls, "NewItemsIngested")).toEqual([0]);
    });

    test("dates in 1899, in the future or without sense are dropped and counted in a log line", async () => {
      await lab().watch("AAPL");
      lab().tiingo.script({
        kind: "articles",
        articles: [
          tiingoArticle("Old", { publishedDate: "1899-12-31T00:00:00Z" }),
          tiingoArticle("Early", { publishedDate: new Date(Date.now() + 86_400_000).toISOString() }),
          tiingoArticle("Odd", { publishedDate: "yesterday-ish" }),
          tiingoArticle("", {}),
          "not even an object",
          tiingoArticle("Good"),
        ],
      });
      const { result, lines } = await lab().run("ingestion");
      expect(result).toMatchObject({ statusCode: 200, created: 1 });
      expect(jsonLines(lines)).toContainEqual(
        expect.objectContaining({
          message: "articles dropped",
          vendor: "tiingo",
          unparseable: 2,
          implausible_date: 3,
        }),
      );
    });

    test("D9 an error on one ticker counts toward the breaker and VendorApiErrors", async () => {
      await lab().watch("AAPL", "MSFT");
      await lab().put("users", { PK: "CIRCUIT#finnhub", SK: "STATE", failures: 4 });
      lab().finnhub.script({ kind: "status", status: 502 });
      await lab().run("ingestion");
      // The fifth failure in a row opens the breaker, so the second ticker of this run is not asked.
      expect(ofVendor("VendorApiErrors", "finnhub")).toEqual([1]);
      expect(ofVendor("CircuitBreakerOpen", "finnhub")).toEqual([1]);
      expect(lab().finnhub.calls).toHaveLength(1);
    });

    test("D9 the tickers after a failed one are still asked, and a success closes the breaker", async () => {
      await lab().watch("AAPL", "MSFT");
      await lab().put("users", { PK: "CIRCUIT#finnhub", SK: "STATE", failures: 2 });
      lab().finnhub.script((query) =>
        query.get("symbol") === "AAPL"
          ? { kind: "status", status: 502 }
          : { kind: "articles", articles: [finnhubArticle("From MSFT")] },
      );
      const { result } = await lab().run("ingestion");
      expect(result).toMatchObject({ statusCode: 207, created: 1 });
      expect(ofVendor("VendorApiErrors", "finnhub")).toEqual([1]);
      expect(ofVendor("VendorApiCalls", "finnhub")).toEqual([2]);
      const breaker = (await lab().scan("users")).find(({ PK }) => PK === "CIRCUIT#finnhub");
      expect(breaker?.["failures"]).toBe(0);
    });

    test("an open breaker skips its vendor for a minute, with a metric, and then lets one call through", async () => {
      await lab().watch("AAPL");
      const open = { PK: "CIRCUIT#tiingo", SK: "STATE", failures: 5 };
      await lab().put("users", { ...open, openedAt: Date.now() - 30_000 });
      expect((await lab().run("ingestion")).result).toMatchObject({ statusCode: 207 });
      expect(lab().tiingo.calls).toHaveLength(0);
      expect(ofVendor("VendorSkipped", "tiingo")).toEqual([1]);
      expect(ofVendor("CircuitBreakerOpen", "tiingo")).toEqual([1]);
      await lab().put("users", { ...open, openedAt: Date.now() - 61_000 });
      expect((await lab().run("ingestion")).result).toMatchObject({ statusCode: 200 });
      expect(lab().tiingo.calls).toHaveLength(1);
    });
  });

  describe("quota", () => {
    const windowStart = (seconds: number, back: number) =>
      new Date((Math.floor(Date.now() / 1000 / seconds) - back) * seconds * 1000).toISOString();

    test("D37 a spent window skips the vendor with a metric", async () => {
      await lab().watch("AAPL");
      const { limit, windowSeconds } = VENDOR_QUOTAS.tiingo;
      const spent = { PK: "QUOTA#tiingo", calls: limit * 0.8 };
      await lab().put("users", { ...spent, SK: windowStart(windowSeconds, 0) });
      expect((await lab().run("ingestion")).result).toMatchObject({ statusCode: 207 });
      expect(lab().tiingo.calls).toHaveLength(0);
      expect(ofVendor("VendorSkipped", "tiingo")).toEqual([1]);
    });

    test("D37 calls of earlier windows of the same day do not count", async () => {
      await lab().watch("AAPL");
      for (const back of [1, 2, 3]) {
        const SK = windowStart(VENDOR_QUOTAS.tiingo.windowSeconds, back);
        await lab().put("users", { PK: "QUOTA#tiingo", SK, calls: 499 });
      }
      expect((await lab().run("ingestion")).result).toMatchObject({ statusCode: 200 });
      expect(ofVendor("VendorSkipped", "tiingo")).toEqual([0]);
    });

    test("D37 counters are added to atomically, one per call, and expire", async () => {
      await lab().watch("AAPL", "MSFT");
      await lab().run("ingestion");
      const update = lab().gateway.calls.find(({ operation }) => operation === "UpdateItem");
      expect(update?.input["UpdateExpression"]).toMatch(/^ADD calls :one/);
      const rows = (await lab().scan("users")).filter(({ PK }) => PK === "QUOTA#finnhub");
      expect(rows.reduce((sum, { calls }) => sum + Number(calls), 0)).toBe(2);
      for (const row of rows) expect(row["ttl_timestamp"]).toBeGreaterThan(Date.now() / 1000);
    });
  });

  describe("keys", () => {
    const without = (vendor: string) =>
      lab().gateway.failWhen(({ operation, input }) =>
        operation === "GetSecretValue" && String(input["SecretId"]).includes(vendor)
          ? { status: 400, code: "AccessDeniedException", message: "no key for the test" }
          : undefined,
      );

    test("one missing key degrades the run with a warning and a metric", async () => {
      await lab().watch("AAPL");
      without("tiingo");
      const { result, lines } = await lab().run("ingestion");
      expect(result).toMatchObject({ statusCode: 207 });
      expect(jsonLines(lines)).toContainEqual(
        expect.objectContaining({ level: "WARN", message: "vendor key missing", vendor: "tiingo" }),
      );
      expect(ofVendor("VendorSkipped", "tiingo")).toEqual([1]);
      expect(lab().finnhub.calls).toHaveLength(1);
    });

    test("a secret of another form counts as missing, and its content is never repeated", async () => {
      await lab().watch("AAPL");
      lab().gateway.answerWith(({ operation, input }) =>
        operation === "GetSecretValue" && String(input["SecretId"]).includes("tiingo")
          ? JSON.stringify({ SecretString: "key-of-tiingo, not JSON" })
          : undefined,
      );
      const { result, lines } = await lab().run("ingestion");
      expect(result).toMatchObject({ statusCode: 207 });
      expect(lines.join("\n")).toContain("is not of the form");
      expect(`${lines.join("\n")}${JSON.stringify(await lab().daemon.settled())}`).not.toContain("key-of-");
    });

    test("keys are fetched once per process", async () => {
      await lab().watch("AAPL");
      const host = await lab().function("ingestion");
      await host.invoke({});
      await host.invoke({});
      expect(lab().gateway.calls.filter(({ operation }) => operation === "GetSecretValue")).toHaveLength(2);
      expect(lab().tiingo.calls.map(({ headers }) => headers.authorization)).toEqual(
        Array(2).fill("Token key-of-tiingo"),
      );
    });

    test.each([401, 403])("a key refused with %s is read again in the next run", async (status) => {
      await lab().watch("AAPL");
      lab().tiingo.script({ kind: "status", status });
      const host = await lab().function("ingestion");
      await host.invoke({});
      lab().tiingo.script({ kind: "articles", articles: [] });
      await host.invoke({});
      const read = lab().gateway.calls.filter(({ operation }) => operation === "GetSecretValue");
      const vendors = read.map(({ input }) => /tiingo|finnhub/.exec(String(input["SecretId"]))?.[0]);
      expect(vendors.sort()).toEqual(["finnhub", "tiingo", "tiingo"]);
    });

    test("no key at all fails the run", async () => {
      await lab().watch("AAPL");
      without("");
      const { error } = await (await lab().function("ingestion")).invoke({});
      expect(error?.message).toMatch(/^No vendor key could be read: no key for the test/);
    });
  });
});
