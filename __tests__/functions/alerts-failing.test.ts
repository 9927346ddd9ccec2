import type { AwsFault } from "../../lab/runtime/aws-gateway";
import { alertReading } from "../support/alert-reading";
import { jsonLines, onlySegment, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

const broken: AwsFault = { status: 400, code: "AccessDeniedException", message: "injected for the test" };

describePipeline("alert rules that cannot be evaluated or handed on", (lab) => {
  const { article, rules, ruleRow, messages, counts, minutesAgo } = alertReading(lab);

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
    expect(jsonLines(lines)).toContainEqual(expect.objectContaining({ message: "alerts not all evaluated" }));
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
