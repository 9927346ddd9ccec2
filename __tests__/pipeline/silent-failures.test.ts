import { FAILURE_PATH_KEYS, FAILURE_PATHS, type FailurePathKey } from "../../contract/failure-paths";
import { filterPattern, LOG_EVENTS } from "../../contract/logs";
import { TRACE_GROUPS } from "../../contract/sampling";
import { matchingPieces } from "../../doctor/filter/evaluate";
import { parseFilter } from "../../doctor/filter/parser";
import { readTrace } from "../../doctor/xray/trace";
import type { AwsCall, AwsFault, FaultPlan } from "../../lab/runtime/aws-gateway";
import type { Invocation } from "../../lab/runtime/function-host";
import { matchesPattern } from "../support/filter-pattern";
import { analysisRequest, pendingItem, snsEvent, tiingoArticle } from "../support/news";
import { batches, jsonLines, valuesOf } from "../support/observed";
import { describePipeline } from "../support/pipeline-suite";
import { rawTrace } from "../support/traces";

type Call = Omit<AwsCall, "status">;

const broken: AwsFault = { status: 400, code: "AccessDeniedException", message: "injected for the test" };

function keyStartsWith({ input }: Call, field: "Key" | "Item", prefix: string): boolean {
  const key = input[field] as Record<string, { readonly S?: string }> | undefined;
  return key?.["PK"]?.S?.startsWith(prefix) ?? false;
}

/** A fault on one path, and how the caller sees the run. */
interface Provocation {
  readonly service: "ingestion" | "analysis";
  /** Which AWS calls fail; none where a vendor is the fault. */
  readonly when: (call: Call) => boolean;
  readonly exception: RegExp;
  /** How often the path fails in the run. */
  readonly times: number;
  readonly result: unknown;
}

const oneArticle = { fetched: 1, created: 1, updated: 0, duplicates: 0, selfHealed: 0 };

const PROVOCATIONS: Readonly<Record<FailurePathKey, Provocation>> = {
  circuit_breaker_load: {
    service: "ingestion",
    when: (call) => call.operation === "GetItem" && keyStartsWith(call, "Key", "CIRCUIT#"),
    exception: /^AccessDeniedException$/,
    times: 2,
    result: { statusCode: 200, ...oneArticle, published: 1 },
  },
  circuit_breaker_save: {
    service: "ingestion",
    when: (call) => call.operation === "PutItem" && keyStartsWith(call, "Item", "CIRCUIT#"),
    exception: /^AccessDeniedException$/,
    times: 1,
    result: { statusCode: 200, ...oneArticle, published: 1 },
  },
  audit_trail: {
    service: "ingestion",
    when: (call) => call.operation === "PutItem" && keyStartsWith(call, "Item", "COLLECTION#"),
    exception: /^AccessDeniedException$/,
    times: 1,
    result: { statusCode: 200, ...oneArticle, published: 1 },
  },
  notification_delivery: {
    service: "ingestion",
    when: ({ operation }) => operation === "PublishBatch",
    exception: /^AccessDeniedException$/,
    times: 1,
    result: { statusCode: 200, ...oneArticle, published: 0 },
  },
  self_healing_fetch: {
    service: "ingestion",
    when: ({ operation, input }) =>
      operation === "GetItem" && JSON.stringify(input["Key"]).includes("dedup:lost"),
    exception: /^AccessDeniedException$/,
    times: 2,
    result: { statusCode: 200, ...oneArticle, published: 1 },
  },
  parallel_fetcher_aggregate: {
    service: "ingestion",
    when: () => false,
    exception: /^AggregateError$/,
    times: 1,
    result: { statusCode: 207, ...oneArticle, published: 1 },
  },
  fanout_partial_write: {
    service: "analysis",
    when: ({ operation, input }) =>
      operation === "UpdateItem" && /AAPL#(1h|24h)"/.test(JSON.stringify(input["Key"])),
    exception: /^PartialFanoutError$/,
    times: 1,
    result: { analyzed: 1, duplicates: 0 },
  },
};

const [ERRORS] = TRACE_GROUPS;

describePipeline("silent failures under real faults (A5)", (lab) => {
  async function provoke(path: FailurePathKey, also: FaultPlan = () => undefined): Promise<Invocation> {
    const { service, when } = PROVOCATIONS[path];
    await prepare(path);
    lab().gateway.failWhen((call) => (when(call) ? broken : also(call)));
    return (await lab().function(service)).invoke(service === "analysis" ? snsEvent(analysisRequest()) : {});
  }

  async function prepare(path: FailurePathKey): Promise<void> {
    if (PROVOCATIONS[path].service === "analysis") {
      await lab().put("items", pendingItem(analysisRequest()));
      return;
    }
    await lab().watch("AAPL");
    lab().tiingo.script({ kind: "articles", articles: [tiingoArticle("A quiet day")] });
    if (path === "parallel_fetcher_aggregate") lab().finnhub.script({ kind: "status", status: 500 });
    if (path === "circuit_breaker_save") {
      // A breaker with failures on record changes with the first success, and is written only then.
      await lab().put("users", { PK: "CIRCUIT#tiingo", SK: "STATE", failures: 3 });
    }
    if (path === "self_healing_fetch") {
      const created_at = new Date(Date.now() - 2 * 3600_000).toISOString();
      for (const source_id of ["dedup:lost-1", "dedup:lost-2"]) {
        await lab().put("items", pendingItem(analysisRequest({ source_id, created_at })));
      }
    }
  }

  const reliabilityData = (path: FailurePathKey) => {
    const { dimension, metric, emitter } = FAILURE_PATHS[path];
    const FunctionName = `dev-sentiment-${emitter}`;
    return [
      { name: "SilentFailure/Count", value: 1, unit: "Count", dimensions: { FailurePath: dimension } },
      {
        name: "SilentFailure/Count",
        value: 1,
        unit: "Count",
        dimensions: { FunctionName, FailurePath: dimension },
      },
      { name: "SilentFailure/Count", value: 1, unit: "Count", dimensions: { Environment: "dev" } },
      { name: metric, value: 1, unit: "Count", dimensions: { Environment: "dev" } },
    ];
  };

  test.each(FAILURE_PATH_KEYS)(
    "A5 SF-1 SF-2 %s: fault and cause, both data, unchanged result",
    async (path) => {
      const { exception, times, result } = PROVOCATIONS[path];
      const invocation = await provoke(path);

      expect(invocation.error).toBeUndefined();
      expect(invocation.result).toEqual(result);
      const documents = await lab().daemon.settled();
      const named = documents.filter(({ name }) => name === FAILURE_PATHS[path].subsegment);
      const faulty = named.filter(({ fault }) => fault === true);
      expect(faulty).toHaveLength(times);
      for (const { cause } of faulty) expect(cause?.exceptions[0]?.type).toMatch(exception);
      // SC-002: the filter of the group of errors finds the subsegment.
      const trace = readTrace(rawTrace(documents[0]?.trace_id ?? "", documents));
      const found = matchingPieces(parseFilter(ERRORS.filter), trace).map(({ name }) => name);
      expect(found.filter((name) => name === FAILURE_PATHS[path].subsegment)).toHaveLength(times);
      const reports = batches(lab().gateway.calls).filter((batch) => batch.some(({ value }) => value === 1));
      const ofPath = reports.filter((batch) => batch.length === reliabilityData(path).length);
      expect(ofPath).toEqual(Array.from({ length: times }, () => reliabilityData(path)));
      expect(JSON.stringify(jsonLines(invocation.lines))).toContain('"message":"silent failure"');
    },
  );

  test.each(FAILURE_PATH_KEYS)(
    "A5 SF-3 SF-6 %s with CloudWatch refusing: the fallback line",
    async (path) => {
      const { times, result } = PROVOCATIONS[path];
      const invocation = await provoke(path, ({ operation }) =>
        operation === "PutMetricData" ? broken : undefined,
      );

      expect(invocation.result).toEqual(result);
      const pattern = filterPattern(LOG_EVENTS.metricFallback);
      const matching = jsonLines(invocation.lines.filter((line) => matchesPattern(pattern, line)));
      const ofPath = matching.filter(({ failure_path }) => failure_path !== undefined);
      expect(ofPath).toHaveLength(times);
      for (const line of ofPath) {
        expect(line).toEqual({
          metric_fallback: true,
          failure_path: FAILURE_PATHS[path].dimension,
          metric_name: `SilentFailure/Count,${FAILURE_PATHS[path].metric}`,
          exception_type: "AccessDeniedException",
          exception_message: "injected for the test",
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        });
      }
      // One more for the run's ordinary batch, which belongs to no path.
      expect(matching.length - ofPath.length).toBe(1);
    },
  );

  test("SF-1 parallel_fetch_aggregate opens after both vendors have settled", async () => {
    await provoke("parallel_fetcher_aggregate");
    const documents = await lab().daemon.settled();
    const starts = documents.find(({ name }) => name === "parallel_fetch_aggregate")?.start_time ?? 0;
    const ends = documents
      .filter(({ name }) => name === "fetch_tiingo" || name === "fetch_finnhub")
      .map(({ end_time }) => end_time ?? Number.POSITIVE_INFINITY);
    expect(ends).toHaveLength(2);
    expect(starts).toBeGreaterThanOrEqual(Math.max(...ends));
  });

  test("SF-1 self-healing has one subsegment per item, with its source_id", async () => {
    await provoke("self_healing_fetch");
    const fetches = (await lab().daemon.settled()).filter(({ name }) => name === "self_healing_item_fetch");
    expect(fetches.map(({ annotations }) => annotations?.["source_id"]).sort()).toEqual([
      "dedup:lost-1",
      "dedup:lost-2",
    ]);
  });

  test("D17 buckets that were not written are counted and named on the path's subsegment", async () => {
    await provoke("fanout_partial_write");
    const documents = await lab().daemon.settled();
    const path = documents.find(({ name }) => name === "timeseries_fanout_batch_write");
    expect(path?.annotations).toEqual({ unprocessed_count: 2, failed_buckets: "1h,24h" });
    expect(path?.fault).toBe(true);
    expect(valuesOf(lab().gateway.calls, "TimeseriesFanoutPartialFailure")).toContain(1);
  });

  test("SF-2 a partly refused SNS batch counts as a failure", async () => {
    await lab().watch("AAPL");
    lab().tiingo.script({ kind: "articles", articles: [tiingoArticle("A quiet day")] });
    const ok =
      "<PublishBatchResponse><PublishBatchResult><Successful></Successful><Failed><member><Id>0</Id>";
    const refused = "<Code>InternalError</Code><SenderFault>false</SenderFault></member></Failed>";
    lab().gateway.answerWith(({ operation }) =>
      operation === "PublishBatch"
        ? `${ok}${refused}</PublishBatchResult></PublishBatchResponse>`
        : undefined,
    );
    const { result } = await (await lab().function("ingestion")).invoke({});
    expect(result).toMatchObject({ statusCode: 200, created: 1, published: 0 });
    const documents = await lab().daemon.settled();
    const path = documents.find(({ name }) => name === "downstream_notification_publish");
    expect(path?.cause?.exceptions[0]).toMatchObject({
      type: "PartialPublishError",
      message: "SNS refused 1 of 1 messages: InternalError",
    });
  });

  test("SF-2 a quiet run writes a zero for each of its paths, so that alarms can rest in OK", async () => {
    await lab().run("ingestion");
    const zeros = FAILURE_PATH_KEYS.filter((path) => FAILURE_PATHS[path].emitter === "ingestion").map(
      (path) =>
        valuesOf(lab().gateway.calls, "SilentFailure/Count", { FailurePath: FAILURE_PATHS[path].dimension }),
    );
    expect(zeros).toEqual(Array.from({ length: 6 }, () => [0]));
    expect(
      valuesOf(lab().gateway.calls, "SilentFailure/Count", { FailurePath: "fanout_partial_write" }),
    ).toEqual([]);
  });
});
