import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { filterPattern, LOG_EVENTS } from "../../../contract/logs";
import { type METRICS, metric, metricsOf, RELIABILITY_NAMESPACE } from "../../../contract/metrics";
import { STREAM_SPANS } from "../../../contract/spans";
import { matchesPattern } from "../../support/filter-pattern";
import {
  END_MS,
  eventsIn,
  globalStream,
  linesWith,
  named,
  namesIn,
  stepEventsIn,
} from "../../support/stream-reading";
import { describeStream } from "../../support/stream-suite";

const DIMENSIONS = [{ Name: "Environment", Value: "dev" }];

describeStream("The metrics of a stream", (lab) => {
  let cloudWatch: CloudWatchClient;

  beforeAll(async () => {
    const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
    cloudWatch = new CloudWatchClient({ endpoint: lab().moto.url, region: "us-east-1", credentials });
    await lab().traffic(300, ["AAPL"]);
  });
  afterAll(() => cloudWatch.destroy());

  async function statistics(MetricName: string) {
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: RELIABILITY_NAMESPACE,
        MetricName,
        Dimensions: DIMENSIONS,
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 3600,
        Statistics: ["SampleCount", "Sum", "Minimum", "Maximum"],
      }),
    );
    return Datapoints;
  }

  test("SF-3 MET-1 ANN-1 every metric the contract promises of this function arrives, with its one dimension and zeros, and each live event once", async () => {
    const client = await lab().client();
    const invocation = await client.invoke(globalStream(), { remainingMs: END_MS + 4300 });
    expect(invocation.end).toBe("streamed");
    const { Metrics = [] } = await cloudWatch.send(
      new ListMetricsCommand({ Namespace: RELIABILITY_NAMESPACE }),
    );
    const seen = new Map(Metrics.map(({ MetricName = "", Dimensions }) => [MetricName, Dimensions]));
    expect([...seen.keys()].sort()).toEqual([...metricsOf("sse")].sort());
    for (const dimensions of seen.values()) expect(dimensions).toEqual(DIMENSIONS);
    for (const name of metricsOf("sse").filter((one) => metric(one).zeroFilled)) {
      expect([name, await statistics(name)]).toMatchObject([name, [{ Sum: 0 }]]);
    }
    const [setup] = await statistics("ConnectionSetupMs");
    expect(setup?.Sum).toBeGreaterThan(0);
    // Waiting for the end of the step and for the index is part of it.
    const [latency] = await statistics("EventLatencyMs");
    expect(latency?.Minimum).toBeGreaterThanOrEqual(2000);
    expect(latency?.Maximum).toBeLessThan(5000);
    const sent = lab().gateway.calls.filter(({ operation }) => operation === "PutMetricData");
    // One batch when it starts, one when it ends.
    expect(sent).toHaveLength(2);
    const data = sent.flatMap(
      ({ input }) => input["MetricData"] as readonly { MetricName: string; Counts?: number[] }[],
    );
    const own = data.filter(
      ({ MetricName }) => MetricName === ("EventLatencyMs" satisfies keyof typeof METRICS),
    );
    const counted = own.reduce((sum, { Counts }) => sum + (Counts?.reduce((a, b) => a + b, 0) ?? 1), 0);
    // What happened before the client came is late for no fault of the function's.
    const live = stepEventsIn(invocation).filter(
      ({ name, id }) => name !== "metrics" && Number(id?.split("-")[0]) >= invocation.startedAt,
    );
    expect(live.length).toBeGreaterThan(5);
    expect(counted).toBe(live.length);
  });

  test("C9 SF-3 metrics that CloudWatch refuses leave a line that the filter matches, and the stream is whole", async () => {
    await lab().collector.reset();
    lab().gateway.failWhen(({ operation }) =>
      operation === "PutMetricData"
        ? { status: 403, code: "AccessDenied", message: "denied by the test" }
        : undefined,
    );
    const client = await lab().client();
    const invocation = await client.invoke(globalStream(), { remainingMs: END_MS + 1500 });
    lab().gateway.reset();
    expect(invocation.end).toBe("streamed");
    expect(namesIn(invocation).slice(-2)).toEqual(["deadline", "done"]);
    const matching = invocation.lines.filter((line) =>
      matchesPattern(filterPattern(LOG_EVENTS.metricFallback), line),
    );
    expect(matching).toHaveLength(2);
    const [line] = linesWith(matching, "metric_name");
    expect(String(line?.["metric_name"]).split(",")).toContain("ConnectionSetupMs");
    expect(named(lab().collector.spans, STREAM_SPANS.putMetric)[0]?.status.code).toBe(2);
    expect(named(lab().collector.spans, STREAM_SPANS.globalStream)[0]?.status.code).not.toBe(2);
  });

  test("SSE-B13 with the kill switch the function is the same and exports nothing", async () => {
    await lab().collector.reset();
    const client = await lab().client({ variables: { OTEL_SDK_DISABLED: "true" } });
    const traceHeader = "Root=1-6b017279-bb53a7c8f2242e72a4a06944;Parent=53995c3f42cd8ad8;Sampled=1";
    const invocation = await client.invoke(globalStream(), { traceHeader, remainingMs: END_MS + 2200 });
    expect(invocation.end).toBe("streamed");
    expect(new Set(namesIn(invocation))).toEqual(
      new Set(["heartbeat", "metrics", "sentiment_update", "partial_bucket", "deadline", "done"]),
    );
    for (const { data } of eventsIn(invocation))
      expect(data["trace_id"]).toBe("1-6b017279-bb53a7c8f2242e72a4a06944");
    expect(linesWith(invocation.lines, "xray_trace_id").length).toBeGreaterThan(0);
    expect(lab().collector.connections).toBe(0);
    expect(await lab().scan("leases")).toEqual([]);
  });
});
