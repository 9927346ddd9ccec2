import type { AwsCall, AwsFault } from "../../lab/runtime/aws-gateway";
import { analysisRequest, finnhubArticle, pendingItem, tiingoArticle, yesterdayAt } from "../support/news";
import { onlySegment, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

const throttled: AwsFault = {
  status: 400,
  code: "ProvisionedThroughputExceededException",
  message: "throttled for the test",
};

const itemsTable = ({ input }: Omit<AwsCall, "status">) => input["TableName"] === "dev-sentiment-items";

describePipeline("ingestion", (lab) => {
  describe("errors", () => {
    test("D6 an error leaves the function as an error, and after two retries the event is a dead letter", async () => {
      lab().gateway.failWhen(({ operation }) => (operation === "Query" ? throttled : undefined));
      const event = { "detail-type": "Scheduled Event", id: "event-1" };
      const { attempts, deadLetter } = await lab().runAsync("ingestion", event);
      expect(attempts.map(({ error }) => error?.name)).toEqual(Array(3).fill(throttled.code));
      expect(deadLetter?.attributes.ErrorMessage).toContain("throttled for the test");
      expect((await lab().deadLetters()).map((body) => JSON.parse(body))).toEqual([event]);
    });

    test("D6 a failed run is marked on the trace and audited as failed", async () => {
      lab().gateway.failWhen(({ operation }) => (operation === "Query" ? throttled : undefined));
      await (await lab().function("ingestion")).invoke({});
      const handler = onlySegment(await lab().daemon.settled(), "handle_event");
      expect(handler.fault).toBe(true);
      expect(handler.cause?.exceptions[0]?.type).toBe(throttled.code);
      expect(await lab().scan("users")).toEqual([
        expect.objectContaining({ status: "failed", error: "throttled for the test" }),
      ]);
    });

    test("D8 a failed ticker query fails the run instead of reading as nobody watching anything", async () => {
      await lab().watch("AAPL");
      lab().gateway.failWhen(({ operation, input }) =>
        operation === "Query" && input["IndexName"] === "by_entity_status" ? throttled : undefined,
      );
      const { error, result } = await (await lab().function("ingestion")).invoke({});
      expect(result).toBeUndefined();
      expect(error?.name).toBe(throttled.code);
      expect(lab().tiingo.calls).toEqual([]);
    });

    test("a throttled items table fails the run, and what it had taken is published", async () => {
      await lab().watch("AAPL");
      const articles = ["One", "Two", "Three"].map((title) => tiingoArticle(title));
      lab().tiingo.script({ kind: "articles", articles });
      lab().gateway.failWhen((call) =>
        call.operation === "PutItem" && itemsTable(call) && JSON.stringify(call.input).includes("Two")
          ? throttled
          : undefined,
      );
      const { error } = await (await lab().function("ingestion")).invoke({});
      expect(error?.name).toBe(throttled.code);
      expect((await lab().published()).map(({ Records }) => Records[0]?.Sns["Message"])).toEqual([
        expect.stringContaining("One"),
      ]);
      expect(valuesOf(lab().gateway.calls, "NewItemsIngested")).toEqual([1]);
    });

    test("a warm-up returns at once and calls nothing", async () => {
      const { error, result } = await (await lab().function("ingestion")).invoke({ warmup: true });
      expect({ error, result }).toEqual({ error: undefined, result: null });
      expect(lab().gateway.calls).toEqual([]);
    });
  });

  describe("tickers", () => {
    test("all pages of configurations count, each ticker once, upper case", async () => {
      await lab().watch("msft", "AAPL");
      await lab().watch("aapl", "TSLA");
      await lab().run("ingestion");
      expect(lab().tiingo.calls[0]?.query.get("tickers")).toBe("AAPL,MSFT,TSLA");
      expect(lab().finnhub.calls.map(({ query }) => query.get("symbol"))).toEqual(["AAPL", "MSFT", "TSLA"]);
    });

    test("a second page of configurations is read", async () => {
      const page = (symbol: string, more: object) =>
        JSON.stringify({
          Items: [{ tickers: { L: [{ M: { symbol: { S: symbol } } }] } }],
          Count: 1,
          ...more,
        });
      lab().gateway.answerWith(({ input }) => {
        if (input["IndexName"] !== "by_entity_status") return undefined;
        if (input["ExclusiveStartKey"] !== undefined) return page("MSFT", {});
        return page("AAPL", { LastEvaluatedKey: { PK: { S: "USER#1" } } });
      });
      await lab().run("ingestion");
      expect(lab().tiingo.calls[0]?.query.get("tickers")).toBe("AAPL,MSFT");
    });

    test("the list is kept for a warm process", async () => {
      await lab().watch("AAPL");
      const host = await lab().function("ingestion");
      await host.invoke({});
      await host.invoke({});
      const queries = lab().gateway.calls.filter(({ input }) => input["IndexName"] === "by_entity_status");
      expect(queries).toHaveLength(1);
      expect(lab().tiingo.calls).toHaveLength(2);
    });
  });

  describe("articles", () => {
    test("D10 one story of both vendors, minutes apart, is one item keyed by its UTC date", async () => {
      await lab().watch("AAPL");
      const title = "Apple wins: great results";
      const publishedDate = yesterdayAt(12, 0).toISOString();
      lab().tiingo.script({ kind: "articles", articles: [tiingoArticle(title, { publishedDate })] });
      const datetime = yesterdayAt(12, 7).getTime() / 1000;
      lab().finnhub.script({
        kind: "articles",
        articles: [finnhubArticle("Apple wins - great results!", { datetime })],
      });
      const { result } = await lab().run("ingestion");
      expect(result).toMatchObject({ created: 1, updated: 1, duplicates: 0 });
      expect(await lab().scan("items")).toEqual([
        expect.objectContaining({
          timestamp: publishedDate.slice(0, 10),
          published_at: publishedDate,
          sources: ["tiingo", "finnhub"],
        }),
      ]);
    });

    test("the same story in the next run is a duplicate", async () => {
      await lab().watch("AAPL");
      const publishedDate = yesterdayAt(12).toISOString();
      lab().tiingo.script({ kind: "articles", articles: [tiingoArticle("Again", { publishedDate })] });
      await lab().run("ingestion");
      const { result } = await lab().run("ingestion");
      expect(result).toMatchObject({ created: 0, updated: 0, duplicates: 1, published: 0 });
    });

    test("two writers of one story lose their race without an error", async () => {
      await lab().watch("AAPL");
      const publishedDate = yesterdayAt(12).toISOString();
      lab().tiingo.script({ kind: "articles", articles: [tiingoArticle("Raced", { publishedDate })] });
      await lab().run("ingestion");
      // The next run's first read sees nothing, as if the other writer came between read and write.
      let reads = 0;
      lab().gateway.answerWith((call) => {
        if (call.operation !== "GetItem" || !itemsTable(call)) return undefined;
        reads += 1;
        return reads === 1 ? "{}" : undefined;
      });
      const { result } = await lab().run("ingestion");
      expect(result).toMatchObject({ created: 0, duplicates: 1 });
      expect(reads).toBe(2);
    });

    test("CollisionRate appears when both vendors answered and twenty articles could be compared", async () => {
      await lab().watch("AAPL");
      const titles = Array.from({ length: 22 }, (_, index) => `Story number ${index}`);
      const publishedDate = yesterdayAt(12).toISOString();
      const datetime = yesterdayAt(12).getTime() / 1000;
      lab().tiingo.script({
        kind: "articles",
        articles: titles.slice(0, 17).map((title) => tiingoArticle(title, { publishedDate })),
      });
      lab().finnhub.script({
        kind: "articles",
        articles: titles.slice(6).map((title) => finnhubArticle(title, { datetime })),
      });
      await lab().run("ingestion");
      expect(valuesOf(lab().gateway.calls, "CollisionRate")).toEqual([11 / 22]);
    });

    test("CollisionRate is silent when too little was compared", async () => {
      await lab().watch("AAPL");
      lab().tiingo.script({ kind: "articles", articles: [tiingoArticle("One")] });
      lab().finnhub.script({ kind: "articles", articles: [finnhubArticle("Two")] });
      await lab().run("ingestion");
      expect(valuesOf(lab().gateway.calls, "CollisionRate")).toEqual([]);
    });
  });

  describe("self-healing", () => {
    test("items pending for an hour are published again, fresher and scored ones are not", async () => {
      const created = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
      const items: readonly (readonly [string, string, number])[] = [
        ["dedup:lost", "pending", 61],
        ["dedup:fresh", "pending", 59],
        ["dedup:scored", "analyzed", 61],
      ];
      for (const [source_id, status, minutes] of items) {
        const request = analysisRequest({ source_id, created_at: created(minutes) });
        await lab().put("items", { ...pendingItem(request), status });
      }
      const { result } = await lab().run("ingestion");
      expect(result).toMatchObject({ statusCode: 200, selfHealed: 1 });
      const messages = (await lab().published()).map(({ Records }) =>
        JSON.parse(String(Records[0]?.Sns["Message"])),
      );
      expect(messages).toEqual([expect.objectContaining({ source_id: "dedup:lost", republished: true })]);
    });

    test("an item the index still shows as pending is left alone when the table knows better", async () => {
      const created_at = new Date(Date.now() - 2 * 3600_000).toISOString();
      const request = analysisRequest({ source_id: "dedup:raced", created_at });
      await lab().put("items", { ...pendingItem(request), status: "analyzed" });
      lab().gateway.answerWith(({ input }) => {
        if (input["IndexName"] !== "by_status") return undefined;
        const { source_id, timestamp } = request;
        return JSON.stringify({ Items: [{ source_id: { S: source_id }, timestamp: { S: timestamp } }] });
      });
      const { result } = await lab().run("ingestion");
      expect(result).toMatchObject({ selfHealed: 0 });
      expect(await lab().published()).toEqual([]);
    });
  });
});
