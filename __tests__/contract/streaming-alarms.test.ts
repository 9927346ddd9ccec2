import { alarmCatalogue, alarmsOfTier } from "../../contract/alarms/catalogue";
import type { AlarmDefinition, Series } from "../../contract/alarms/definition";
import { exampleLines, filterPattern, LOG_EVENTS, LOG_METRICS, logMetricsOf } from "../../contract/logs";
import { TRACE_GROUPS } from "../../contract/sampling";
import { SERVICE_KEYS, SERVICES } from "../../contract/services";
import { STREAM_ANNOTATIONS } from "../../contract/spans";
import { STREAM } from "../../contract/streaming";
import { filterPattern as read } from "../../policies/rules/filter-pattern/filter-pattern";

const ALL = alarmCatalogue("prod");

function alarm(id: string): AlarmDefinition {
  const found = ALL.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no alarm ${id}`);
  return found;
}

function seriesOf({ signal }: AlarmDefinition): readonly Series[] {
  if (signal.kind === "composite") return [];
  return signal.kind === "metric" ? [signal.series] : Object.values(signal.series);
}

const RELIABILITY = "SentimentAnalyzer/Reliability";
const LOGS = "SentimentAnalyzer/Logs/prod-sentiment-sse";
const BY_ENVIRONMENT = { Environment: "prod" };

describe("alarms on the stream", () => {
  test.each<[string, string, string, object, string, number, number, number, string]>([
    ["stream-refused", RELIABILITY, "ConnectionAcquireFailures", BY_ENVIRONMENT, "Sum", 0, 60, 1, "warning"],
    ["stream-setup-slow", RELIABILITY, "ConnectionSetupMs", BY_ENVIRONMENT, "p99", 5000, 300, 2, "warning"],
    ["stream-events-late", RELIABILITY, "EventLatencyMs", BY_ENVIRONMENT, "p95", 10_000, 300, 2, "warning"],
    ["stream-polls-slow", RELIABILITY, "PollDurationMs", BY_ENVIRONMENT, "p99", 10_000, 300, 2, "warning"],
    ["stream-poll-failures", RELIABILITY, "StreamPollFailures", BY_ENVIRONMENT, "Sum", 0, 300, 1, "warning"],
    [
      "stream-deadline-missed",
      "AWS/Lambda",
      "Duration",
      { FunctionName: "prod-sentiment-sse" },
      "p99",
      898_500,
      300,
      2,
      "critical",
    ],
  ])(
    "ALM-2 %s watches %s %s",
    (id, namespace, name, dimensions, statistic, threshold, periodSeconds, evaluationPeriods, severity) => {
      const found = alarm(id);
      expect(found.signal).toEqual({ kind: "metric", series: { namespace, name, dimensions, statistic } });
      expect(found).toMatchObject({
        severity,
        condition: {
          comparison: "GreaterThanThreshold",
          threshold,
          periodSeconds,
          evaluationPeriods,
          treatMissingData: "missing",
        },
      });
    },
  );

  test("the latency of events is measured against what a step makes unavoidable (ADR 0023)", () => {
    const unavoidable = STREAM.pollIntervalSeconds * 1000 + STREAM.settleMs;
    expect(alarm("stream-events-late").condition?.threshold).toBe(unavoidable + 3000);
  });

  test("ALM-4 a stream that lasts is no slow run: no share of its timeout is alarmed but the last (R-07)", () => {
    const durations = ALL.filter((one) =>
      seriesOf(one).some(
        ({ name, dimensions }) => name === "Duration" && dimensions["FunctionName"] === "prod-sentiment-sse",
      ),
    );
    expect(durations.map(({ id }) => id)).toEqual(["stream-deadline-missed"]);
    const { threshold = 0 } = durations[0]?.condition ?? {};
    expect(threshold).toBeGreaterThan(STREAM.maxStreamMs);
    expect(threshold).toBeLessThan(SERVICES.sse.timeoutSeconds * 1000);
  });

  test("its server errors are a share of its requests, from the metrics AWS really publishes (R-35)", () => {
    const found = alarm("stream-server-errors");
    expect(seriesOf(found).map(({ name }) => name)).toEqual(["Url5xxCount", "UrlRequestCount"]);
    expect(found).toMatchObject({
      severity: "critical",
      condition: { threshold: 1, periodSeconds: 300, evaluationPeriods: 2, treatMissingData: "missing" },
    });
  });

  test("reconnections count only while streams do, so that no traffic is no alarm (ADR 0019)", () => {
    const found = alarm("stream-reconnections");
    expect(found.signal).toMatchObject({ kind: "math", expression: "IF(streams > 0, FILL(again, 0), 0)" });
    expect(seriesOf(found).map(({ dimensions }) => dimensions["GroupName"])).toEqual([
      "prod-sentiment-sse-reconn",
      "prod-sentiment-sse",
    ]);
    expect(found).toMatchObject({
      severity: "warning",
      condition: { threshold: 10, periodSeconds: 60, evaluationPeriods: 1 },
    });
  });

  test("D28 what the group of reconnections filters by is indexed on the stream's spans", () => {
    const { filter } = TRACE_GROUPS.find(({ noun }) => noun === "sse-reconn") ?? { filter: "" };
    const keys = [...filter.matchAll(/annotation\.(\w+)/g)].map(([, key]) => key);
    expect(keys).toEqual(["previous_trace_id"]);
    expect(Object.keys(STREAM_ANNOTATIONS)).toEqual(expect.arrayContaining(keys));
  });

  test("essential has one alarm on it, over everything that keeps a stream from somebody", () => {
    const own = alarmsOfTier("dev", "essential").filter((one) =>
      seriesOf(one).some(({ dimensions }) => dimensions["FunctionName"] === "dev-sentiment-sse"),
    );
    expect(own.map(({ id }) => id)).toEqual(["stream-failures"]);
    const [failures] = own;
    expect(failures && seriesOf(failures).map(({ name }) => name)).toEqual([
      "Url5xxCount",
      "Errors",
      "Throttles",
      "ConnectionAcquireFailures",
    ]);
    expect(alarmsOfTier("dev", "essential")).toHaveLength(10);
  });
});

describe("alarms on the collector", () => {
  test.each<[string, string, number, string]>([
    ["collector-start-failures", "CollectorStartFailure/Count", 300, "critical"],
    ["collector-export-failures", "CollectorExportFailure/Count", 300, "critical"],
    ["collector-unavailable", "CollectorUnavailable/Count", 60, "critical"],
    ["collector-hang", "CollectorHang/Count", 60, "critical"],
    ["span-queue-overflow", "SpanQueueOverflow/Count", 300, "info"],
  ])("ALM-3 %s counts %s", (id, name, periodSeconds, severity) => {
    const found = alarm(id);
    expect(seriesOf(found)).toEqual([{ namespace: LOGS, name, dimensions: {}, statistic: "Sum" }]);
    expect(found).toMatchObject({
      severity,
      condition: {
        comparison: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        periodSeconds,
        evaluationPeriods: 1,
        treatMissingData: "missing",
      },
    });
  });

  test("SSE-A8 only the stream's log is searched for a collector, and every line that is none counts as 0", () => {
    const ofCollector = logMetricsOf("sse").filter(([, { services }]) => services.length === 1);
    expect(ofCollector).toHaveLength(6);
    for (const [, metric] of ofCollector)
      expect(metric).toMatchObject({ defaultValue: "0", services: ["sse"] });
    for (const service of SERVICE_KEYS.filter((one) => one !== "sse"))
      expect(logMetricsOf(service).map(([key]) => key)).toEqual([
        ...(service === "dashboard" ? [] : ["metricFallback"]),
        "maxMemoryUsed",
      ]);
  });
});

describe("lines the collector writes", () => {
  const EXPORT = '"Exporting failed" "Dropping data"';
  const START =
    '?"failed to get config" ?"cannot unmarshal" ?"failed to build pipelines" ?"collector server run finished with error"';

  test("SSE-E2 the patterns hold every word, or any one", () => {
    expect(filterPattern(LOG_EVENTS[LOG_METRICS.collectorDropsData.event])).toBe(EXPORT);
    expect(filterPattern(LOG_EVENTS[LOG_METRICS.collectorStartFailed.event])).toBe(START);
  });

  test.each<[string, string, boolean]>([
    [
      EXPORT,
      '2026-11-21T10:00:00Z error exporterhelper Exporting failed. Dropping data. {"error": "429"}',
      true,
    ],
    [
      EXPORT,
      '{"level":"error","msg":"Exporting failed. No more retries left. Dropping data.","dropped_items":3}',
      true,
    ],
    [EXPORT, "Exporting failed. Will retry the request after interval.", false],
    [START, "Error: failed to get config: cannot unmarshal the configuration", true],
    [START, '{"level":"fatal","msg":"failed to build pipelines: unknown processor batch"}', true],
    [START, "Everything is ready. Begin running and processing data.", false],
  ])("SSE-B14 %s on %s", (pattern, line, matches) => {
    const found = read(pattern);
    if (found.kind !== "usable") throw new Error(found.kind);
    expect(found.matches(line)).toBe(matches);
  });

  test("every event is matched by its own example lines, and by no other event's", () => {
    for (const [key, event] of Object.entries(LOG_EVENTS)) {
      const found = read(filterPattern(event));
      if (found.kind !== "usable") throw new Error(`${key}: ${found.kind}`);
      for (const [other, lines] of Object.entries(LOG_EVENTS).map(([k, e]) => [k, exampleLines(e)] as const))
        expect([key, other, lines.every(found.matches)]).toEqual([key, other, key === other]);
    }
  });
});

test("D22 an environment serves one stream, so executions are left to refuse the next and to tell the status", () => {
  expect(STREAM.maxConnections).toBeLessThan(SERVICES.sse.reservedConcurrency);
});
