import type { AwsFault } from "../../lab/runtime/aws-gateway";
import { alertRule } from "../support/alerts";
import { analysisRequest, pendingItem, snsEvent, yesterdayAt } from "../support/news";
import { jsonLines, onlySegment, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

type Item = Record<string, unknown>;

const broken: AwsFault = { status: 400, code: "AccessDeniedException", message: "injected for the test" };

const POSITIVE = "Excellent results: a great win";
const NEGATIVE = "Terrible fraud, horrible losses";
const NEUTRAL = "The company met on a day";

describePipeline("alert rules", (lab) => {
  /** Stores a pending article and gives the event that asks for its score. */
  async function article(source_id: string, change: Item = {}): Promise<unknown> {
    const request = analysisRequest({ source_id: `dedup:${source_id}`, ...change });
    await lab().put("items", pendingItem(request));
    return snsEvent(request);
  }

  /** Rules by id, each a change of the usual one. */
  async function rules(all: Readonly<Record<string, Item>>): Promise<void> {
    for (const [id, change] of Object.entries(all)) {
      await lab().put("users", alertRule({ SK: `ALERT#${id}`, ...change }));
    }
  }

  async function ruleRow(id = "alert-1"): Promise<Item | undefined> {
    return (await lab().scan("users")).find(({ SK }) => SK === `ALERT#${id}`);
  }

  /** The messages published since the last call, by alert. */
  async function messages(): Promise<Item[]> {
    const events = await lab().published("notifications");
    const all = events.map(({ Records }) => JSON.parse(String(Records[0]?.Sns["Message"])) as Item);
    return all.sort((a, b) => String(a["alert_id"]).localeCompare(String(b["alert_id"])));
  }

  const counts = () =>
    (["AlertsEvaluated", "AlertsTriggered", "NotificationsQueued", "AlertEvaluationErrors"] as const).map(
      (name) => valuesOf(lab().gateway.calls, name).reduce((sum, value) => sum + value, 0),
    );

  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

  describe("what triggers", () => {
    test("D14 enabled rules of the article's tickers, on their side of the threshold", async () => {
      await rules({
        a: { threshold_value: 0.2 },
        b: { threshold_value: 0.2, threshold_direction: "below" },
        c: { threshold_value: 0.99 },
        d: { status: "disabled" },
        e: { ticker: "MSFT" },
        f: { PK: "USER#user-2", threshold_value: 0.99, threshold_direction: "below" },
      });
      await lab().run("analysis", await article("one", { text_for_analysis: POSITIVE }));
      const score = Number((await lab().scan("items"))[0]?.["score"]);
      const message = {
        notification_type: "alert",
        user_id: "user-1",
        alert_id: "a",
        ticker: "AAPL",
        alert_type: "sentiment_threshold",
        threshold_direction: "above",
        threshold: 0.2,
        triggered_value: score,
        triggered_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      };
      expect(await messages()).toEqual([
        message,
        { ...message, user_id: "user-2", alert_id: "f", threshold: 0.99, threshold_direction: "below" },
      ]);
      expect(counts()).toEqual([4, 2, 2, 0]);
      const span = onlySegment(await lab().daemon.settled(), "evaluate_alerts");
      expect(span.annotations).toEqual({ evaluated_count: 4, triggered_count: 2, queued_count: 2 });
      expect(await ruleRow("a")).toMatchObject({ trigger_count: 1, last_triggered_by: "dedup:one" });
      expect((await ruleRow("b"))?.["trigger_count"]).toBe(0);
    });

    test("D13 a score of 0, a range of 0 and a threshold of 0 are values like others", async () => {
      const volatility_threshold = { alert_type: "volatility_threshold" };
      await rules({
        a: { threshold_value: -0.1 },
        b: { threshold_value: 0 },
        c: { threshold_value: 0, threshold_direction: "below" },
        d: { ...volatility_threshold, threshold_value: 0.5, threshold_direction: "below" },
        e: { ...volatility_threshold, threshold_value: 0 },
      });
      const host = await lab().function("analysis");
      await host.invoke(await article("one", { text_for_analysis: NEUTRAL }));
      const values = (await messages()).map((one) => [
        one["alert_id"],
        one["threshold"],
        one["triggered_value"],
      ]);
      expect(values).toEqual([
        ["a", -0.1, 0],
        ["d", 0.5, 0],
      ]);
      await host.invoke(await article("two", { text_for_analysis: NEGATIVE }));
      const later = await messages();
      expect(later.map((one) => [one["alert_id"], one["threshold"]])).toEqual([
        ["c", 0],
        ["e", 0],
      ]);
    });

    test("D14 volatility is the range of scores in the article's hour", async () => {
      await rules({ a: { alert_type: "volatility_threshold", threshold_value: 1 } });
      const host = await lab().function("analysis");
      await host.invoke(await article("one", { text_for_analysis: POSITIVE }));
      const hourBefore = yesterdayAt(11).toISOString();
      await host.invoke(await article("two", { text_for_analysis: NEGATIVE, published_at: hourBefore }));
      expect(await messages()).toEqual([]);
      await host.invoke(await article("three", { text_for_analysis: NEGATIVE }));
      const start = yesterdayAt(12).toISOString();
      const hour = (await lab().scan("timeseries")).find(({ PK, SK }) => PK === "AAPL#1h" && SK === start);
      const range = Number(hour?.["high"]) - Number(hour?.["low"]);
      expect(range).toBeGreaterThan(1);
      expect((await messages()).map((one) => one["triggered_value"])).toEqual([expect.closeTo(range, 4)]);
    });

    test("D14 an article nobody has a rule for writes zeros, so that alarms can rest in OK", async () => {
      await lab().run("analysis", await article("one"));
      for (const name of [
        "AlertsEvaluated",
        "AlertsTriggered",
        "NotificationsQueued",
        "AlertEvaluationErrors",
      ]) {
        expect([name, valuesOf(lab().gateway.calls, name)]).toEqual([name, [0]]);
      }
      expect(lab().gateway.calls.filter(({ service }) => service === "sns")).toEqual([]);
    });

    test("D14 more than ten alerts go out in batches of ten", async () => {
      await rules(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`many-${index}`, {}])));
      await lab().run("analysis", await article("one"));
      expect(await messages()).toHaveLength(12);
      expect(lab().gateway.calls.filter(({ operation }) => operation === "PublishBatch")).toHaveLength(2);
      expect(counts()).toEqual([12, 12, 12, 0]);
    });
  });

  describe("rest", () => {
    test("D14 a rule rests for an hour, without a fault on the trace", async () => {
      await rules({
        fresh: { last_triggered_at: minutesAgo(59), trigger_count: 3 },
        rested: { last_triggered_at: minutesAgo(61), trigger_count: 3 },
      });
      const host = await lab().function("analysis");
      await host.invoke(await article("one"));
      await host.invoke(await article("two"));
      expect((await messages()).map(({ alert_id }) => alert_id)).toEqual(["rested"]);
      expect((await ruleRow("rested"))?.["trigger_count"]).toBe(4);
      expect((await ruleRow("fresh"))?.["trigger_count"]).toBe(3);
      const documents = await lab().daemon.settled();
      expect(documents.filter(({ fault, error }) => fault || error).map(({ name }) => name)).toEqual([]);
    });

    test("D14 of simultaneous analyses one triggers", async () => {
      await rules({ one: {} });
      const events = [await article("one"), await article("two"), await article("three")];
      const hosts = await Promise.all(events.map(() => lab().function("analysis")));
      // Long enough for all to have read the rule before the first of them writes it.
      lab().gateway.failWhen(({ operation, input }) =>
        operation === "UpdateItem" && input["TableName"] === "dev-sentiment-users"
          ? { delayMs: 1500 }
          : undefined,
      );
      await Promise.all(hosts.map((host, index) => host.invoke(events[index])));
      expect(await messages()).toHaveLength(1);
      expect((await ruleRow("one"))?.["trigger_count"]).toBe(1);
      expect(counts()).toEqual([3, 1, 1, 0]);
    });

    test("a rule that was disabled or deleted after the index was read does not trigger", async () => {
      const { PK, SK, ticker, status, threshold_value, threshold_direction, alert_type } = alertRule();
      const stale = { PK, SK, ticker, status, threshold_direction, alert_type };
      const row = Object.fromEntries(Object.entries(stale).map(([key, value]) => [key, { S: value }]));
      lab().gateway.answerWith(({ input }) =>
        input["IndexName"] === "by_ticker"
          ? JSON.stringify({ Items: [{ ...row, threshold_value: { N: String(threshold_value) } }] })
          : undefined,
      );
      const host = await lab().function("analysis");
      await host.invoke(await article("one"));
      expect(await ruleRow()).toBeUndefined();
      await rules({ "alert-1": { status: "disabled" } });
      await host.invoke(await article("two"));
      expect((await ruleRow())?.["trigger_count"]).toBe(0);
      expect(await messages()).toEqual([]);
    });
  });

  describe("what fails", () => {
    /** Everything a failed evaluation must have left behind, and what it must not have. */
    async function expectFailedEvaluation(says: RegExp): Promise<void> {
      const documents = await lab().daemon.settled();
      const span = onlySegment(documents, "evaluate_alerts");
      expect([span.fault, span.cause?.exceptions[0]?.type]).toEqual([true, "AlertEvaluationError"]);
      expect(span.cause?.exceptions[0]?.message).toMatch(says);
      expect(valuesOf(lab().gateway.calls, "AlertEvaluationErrors")).toEqual([1]);
      expect(valuesOf(lab().gateway.calls, "AnalysisErrors")).toEqual([0]);
      expect(onlySegment(documents, "handle_event").fault).toBeUndefined();
      expect(await lab().scan("items")).toEqual([
        expect.objectContaining({ status: "analyzed", fanout: "done" }),
      ]);
    }

    test.each([
      ["for the first time", undefined],
      ["after an earlier time", minutesAgo(90)],
    ])("D14 an alert that cannot be published gives its rest back: %s", async (_, before) => {
      await rules({ one: before === undefined ? {} : { last_triggered_at: before, trigger_count: 1 } });
      lab().gateway.failWhen(({ operation }) => (operation === "PublishBatch" ? broken : undefined));
      const { result, lines } = await lab().run("analysis", await article("one"));
      expect(result).toEqual({ analyzed: 1, duplicates: 0 });
      expect(counts()).toEqual([1, 1, 0, 1]);
      await expectFailedEvaluation(/AccessDeniedException: injected/);
      expect(jsonLines(lines)).toContainEqual(
        expect.objectContaining({ message: "alerts not all evaluated" }),
      );
      const row = await ruleRow("one");
      expect([row?.["last_triggered_at"], row?.["last_triggered_by"]]).toEqual([before, undefined]);
      expect(row?.["trigger_count"]).toBe(before === undefined ? 0 : 1);
      lab().gateway.reset();
      await lab().run("analysis", await article("two"));
      expect(await messages()).toHaveLength(1);
    });

    test("D14 of a batch that SNS takes in part only the refused alerts give their rest back", async () => {
      await rules({ one: {}, two: {} });
      lab().gateway.answerWith(({ operation }) =>
        operation === "PublishBatch"
          ? "<PublishBatchResponse><PublishBatchResult><Successful></Successful><Failed><member><Id>1</Id>" +
            "<Code>InternalError</Code><SenderFault>false</SenderFault></member></Failed></PublishBatchResult>" +
            "</PublishBatchResponse>"
          : undefined,
      );
      await lab().run("analysis", await article("one"));
      const times = await Promise.all(
        ["one", "two"].map(async (id) => (await ruleRow(id))?.["last_triggered_at"]),
      );
      expect(times.filter((time) => time !== undefined)).toHaveLength(1);
      expect(counts()).toEqual([2, 2, 1, 1]);
      await expectFailedEvaluation(/PartialPublishError: SNS refused 1 of 2 alerts: InternalError/);
    });

    test("D14 an analysis that dies before it publishes is repeated with the same alert", async () => {
      await rules({ one: {} });
      const event = await article("one");
      const host = await lab().function("analysis");
      // The process dies when it has taken the rule and is about to publish.
      lab().gateway.failWhen(({ operation }) => {
        if (operation !== "PublishBatch") return undefined;
        void host.stop();
        return "hang";
      });
      expect((await host.invoke(event)).error?.name).toBe("Runtime.ExitError");
      const taken = (await ruleRow("one"))?.["last_triggered_at"];
      expect(taken).toBeDefined();
      lab().gateway.reset();
      await lab().run("analysis", event);
      expect((await messages()).map(({ triggered_at }) => triggered_at)).toEqual([taken]);
      expect((await ruleRow("one"))?.["trigger_count"]).toBe(1);
    });

    test("D14 one ticker whose rules cannot be read does not keep the others from triggering", async () => {
      await rules({ apple: {}, microsoft: { ticker: "MSFT" } });
      lab().gateway.failWhen(({ operation, input }) =>
        operation === "Query" && JSON.stringify(input).includes("AAPL") ? broken : undefined,
      );
      await lab().run("analysis", await article("one", { matched_tickers: ["AAPL", "MSFT"] }));
      expect((await messages()).map(({ alert_id }) => alert_id)).toEqual(["microsoft"]);
      await expectFailedEvaluation(/^steps that failed: 1; the first: AccessDeniedException/);
    });

    test("D14 rules that cannot be understood are counted, never repeated, and the others evaluated", async () => {
      await rules({
        good: {},
        direction: { threshold_direction: "<script>sideways" },
        text: { threshold_value: "0.2" },
        key: { PK: "USER#a#b" },
        "no/id": {},
      });
      await lab().run("analysis", await article("one"));
      expect((await messages()).map(({ alert_id }) => alert_id)).toEqual(["good"]);
      await expectFailedEvaluation(/4 alert rules of AAPL lack a field or have one of another form$/);
    });

    test("D14 a volatility rule whose bucket was not written is not evaluated, and says so", async () => {
      await rules({ sentiment: {}, volatility: { alert_type: "volatility_threshold", threshold_value: -1 } });
      lab().gateway.failWhen(({ input }) =>
        JSON.stringify(input["Key"] ?? "").includes("AAPL#1h") ? broken : undefined,
      );
      await lab().run("analysis", await article("one"));
      expect((await messages()).map(({ alert_id }) => alert_id)).toEqual(["sentiment"]);
      expect(counts()).toEqual([1, 1, 1, 1]);
      const span = onlySegment(await lab().daemon.settled(), "evaluate_alerts");
      expect(span.cause?.exceptions[0]?.message).toMatch(/the 1h bucket of AAPL was not written$/);
    });

    test("TRC-10 with no time left no rule is looked at, and nothing is lost without a word", async () => {
      await rules({ one: {} });
      const host = await lab().function("analysis");
      const { result } = await host.invoke(await article("one"), { remainingMs: 3900 });
      expect(result).toEqual({ analyzed: 1, duplicates: 0 });
      const span = onlySegment(await lab().daemon.settled(), "evaluate_alerts");
      expect(span.annotations).toMatchObject({ flush_reason: "deadline", evaluated_count: 0 });
      expect(valuesOf(lab().gateway.calls, "AlertEvaluationErrors")).toEqual([1]);
      expect((await ruleRow("one"))?.["trigger_count"]).toBe(0);
    });
  });
});
