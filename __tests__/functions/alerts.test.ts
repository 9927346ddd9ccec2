import { alertReading } from "../support/alert-reading";
import { alertRule } from "../support/alerts";
import { yesterdayAt } from "../support/news";
import { onlySegment, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

const POSITIVE = "Excellent results: a great win";
const NEGATIVE = "Terrible fraud, horrible losses";
const NEUTRAL = "The company met on a day";

describePipeline("alert rules", (lab) => {
  const { article, rules, ruleRow, messages, counts, minutesAgo } = alertReading(lab);

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
});
