import type { AwsFault } from "../../lab/runtime/aws-gateway";
import { batches, onlySegment, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";

const throttled: AwsFault = { status: 400, code: "ThrottlingException", message: "throttled for the test" };

describePipeline("the metrics function", (lab) => {
  async function pending(name: string, createdMinutesAgo: number, publishedDaysAgo: number): Promise<void> {
    const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
    await lab().put("items", {
      source_id: `dedup:${name}`,
      timestamp: ago(publishedDaysAgo * 86_400_000).slice(0, 10),
      published_at: ago(publishedDaysAgo * 86_400_000),
      created_at: ago(createdMinutesAgo * 60_000),
      status: "pending",
    });
  }

  test("D15 items are stuck by the age of their ingestion, not of their news", async () => {
    await pending("old-news-just-in", 1, 6);
    await pending("stuck", 6, 0);
    await pending("stuck-too", 600, 0);
    const { result } = await lab().run("metrics");
    expect(result).toEqual({ stuckItems: 2 });
    expect(valuesOf(lab().gateway.calls, "StuckItems")).toEqual([2]);
  });

  test("D15 every page of the query counts", async () => {
    lab().gateway.answerWith(({ operation, input }) => {
      if (operation !== "Query") return undefined;
      if (input["ExclusiveStartKey"] !== undefined) return JSON.stringify({ Count: 7 });
      return JSON.stringify({ Count: 1000, LastEvaluatedKey: { source_id: { S: "dedup:1" } } });
    });
    expect((await lab().run("metrics")).result).toEqual({ stuckItems: 1007 });
  });

  test("MET-1 both AWS calls lie in explicit subsegments with their figures", async () => {
    await lab().run("metrics");
    const documents = await lab().daemon.settled();
    const query = onlySegment(documents, "query_stuck_items");
    const emit = onlySegment(documents, "emit_metrics");
    expect(onlySegment(documents, "DynamoDB").parent_id).toBe(query.id);
    expect(onlySegment(documents, "CloudWatch").parent_id).toBe(emit.id);
    expect(query.annotations).toEqual({ item_count: 0, query_duration_ms: expect.any(Number) });
    expect(emit.annotations).toEqual({ metric_count: batches(lab().gateway.calls)[0]?.length });
  });

  test("MET-2 the heartbeat rides in the same call as the production metrics", async () => {
    await lab().run("metrics");
    expect(
      batches(lab().gateway.calls).map((batch) => batch.map(({ name, value }) => [name, value])),
    ).toEqual([
      [
        ["StuckItems", 0],
        ["MetricsLambdaErrors", 0],
        ["EmissionHeartbeat", 1],
      ],
    ]);
  });

  const HOUR = 3_600_000;
  const lastHour = Math.floor(Date.now() / HOUR) * HOUR;

  /** Answers GetMetricData with hourly counts, newest hour first, as CloudWatch does by default. */
  function tracesPerHour(counts: readonly number[]): void {
    lab().gateway.answerWith(({ operation }) =>
      operation === "GetMetricData"
        ? JSON.stringify({
            MetricDataResults: [
              {
                Id: "traces",
                Timestamps: counts.map((_, i) => (lastHour - (i + 1) * HOUR) / 1000),
                Values: counts,
                StatusCode: "Complete",
              },
            ],
          })
        : undefined,
    );
  }

  test.each([
    ["doubled", 2.1, 2.1],
    ["as ever", 1, 1],
    ["silent", 0, 0],
  ])("MET-3 at a full hour the day is compared with the week before: %s", async (_title, factor, ratio) => {
    tracesPerHour([...Array(24).fill(100 * factor), ...Array(24 * 7).fill(100)]);
    await lab().run("metrics", { time: "2026-11-21T07:00:00Z" });
    const [found] = valuesOf(lab().gateway.calls, "XRayDailyCostRatio");
    expect(found).toBeCloseTo(ratio);
    const asked = lab().gateway.calls.find(({ operation }) => operation === "GetMetricData")?.input;
    expect(asked).toMatchObject({
      MetricDataQueries: [
        {
          MetricStat: {
            Metric: {
              Namespace: "AWS/X-Ray",
              MetricName: "ApproximateTraceCount",
              Dimensions: [{ Name: "GroupName", Value: "dev-sentiment-live-traces" }],
            },
            Period: 3600,
            Stat: "Sum",
          },
        },
      ],
    });
    expect(Number(asked?.["EndTime"]) - Number(asked?.["StartTime"])).toBe(8 * 86_400);
  });

  test("MET-3 without a week to compare with nothing is said, and between full hours nothing is asked", async () => {
    tracesPerHour(Array(24).fill(5));
    await lab().run("metrics", { time: "2026-11-21T07:00:00Z" });
    expect(valuesOf(lab().gateway.calls, "XRayDailyCostRatio")).toEqual([]);
    lab().gateway.reset();
    await lab().run("metrics", { time: "2026-11-21T07:01:00Z" });
    expect(lab().gateway.calls.map(({ operation }) => operation)).not.toContain("GetMetricData");
  });

  test("MET-3 D6 a refused look-up fails the run, but what was counted before still arrives", async () => {
    lab().gateway.failWhen(({ operation }) => (operation === "GetMetricData" ? throttled : undefined));
    const { error } = await (await lab().function("metrics")).invoke({ time: "2026-11-21T07:00:00Z" });
    expect(error?.name).toBe("ThrottlingException");
    expect(valuesOf(lab().gateway.calls, "MetricsLambdaErrors")).toEqual([1]);
    expect(valuesOf(lab().gateway.calls, "StuckItems")).toEqual([0]);
    expect(onlySegment(await lab().daemon.settled(), "query_trace_volume").fault).toBe(true);
  });

  test("D5 each datum names each dimension once", async () => {
    await lab().run("metrics");
    const wire = lab().gateway.calls.find(({ operation }) => operation === "PutMetricData")?.input[
      "MetricData"
    ];
    const names = (wire as { Dimensions: { Name: string }[] }[]).map(({ Dimensions }) =>
      Dimensions.map(({ Name }) => Name),
    );
    expect(names).toEqual([["Environment"], ["Environment"], ["Environment"]]);
  });

  test("D6 MET-1 a refused PutMetricData marks the subsegments and fails the run", async () => {
    lab().gateway.failWhen(({ operation }) => (operation === "PutMetricData" ? throttled : undefined));
    const { error, lines } = await (await lab().function("metrics")).invoke({});
    expect(error?.name).toBe("ThrottlingException");
    const documents = await lab().daemon.settled();
    expect(onlySegment(documents, "emit_metrics").fault).toBe(true);
    expect(onlySegment(documents, "CloudWatch")).toMatchObject({ throttle: true, fault: true });
    expect(lines.join("\n")).toContain('"metric_fallback":true');
  });

  test("D6 a failed query is counted, says nothing about stuck items, and fails the run", async () => {
    lab().gateway.failWhen(({ operation }) => (operation === "Query" ? throttled : undefined));
    const { error } = await (await lab().function("metrics")).invoke({});
    expect(error?.name).toBe("ThrottlingException");
    expect(valuesOf(lab().gateway.calls, "MetricsLambdaErrors")).toEqual([1]);
    expect(valuesOf(lab().gateway.calls, "EmissionHeartbeat")).toEqual([1]);
    // A zero here would hold the alarm in OK while nobody counts.
    expect(valuesOf(lab().gateway.calls, "StuckItems")).toEqual([]);
    expect(onlySegment(await lab().daemon.settled(), "query_stuck_items").fault).toBe(true);
  });
});
