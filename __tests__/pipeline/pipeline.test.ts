import { TRACING_SWITCHES } from "../../contract/kill-switch";
import { functionName, ZIP_SERVICES, type ZipServiceKey } from "../../contract/services";
import { judgeAnnotations } from "../../doctor/gates/annotations";
import { judgeStructure } from "../../doctor/gates/structure";
import type { AwsCall } from "../../lab/runtime/aws-gateway";
import { newTraceHeader } from "../../lab/runtime/function-host";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import { tracesUnder } from "../doctor/gates/documents";
import { grantedTo, usesOf } from "../support/access-used";
import { ADDRESS, alertRule, userProfile } from "../support/alerts";
import { finnhubArticle, tiingoArticle, yesterdayAt } from "../support/news";
import { ancestors, batches, onlySegment, orphans, valuesOf } from "../support/observed";
import { ENVIRONMENT, PipelineLab } from "../support/pipeline-lab";
import { describeWith } from "../support/tools";

/** The services an article passes through, and their monitor; the API and the canary have tests of their own. */
const SERVICES_RUN = ZIP_SERVICES.filter((service) => service !== "dashboard" && service !== "canary");

/** What one function did in the run under test. */
interface Observed {
  readonly calls: readonly AwsCall[];
  readonly lines: readonly string[];
  readonly documents: readonly SegmentDocument[];
  /** Id of the facade segment it ran under. */
  readonly root: string;
  readonly result: unknown;
}

const parentOf = (header: string): string => /Parent=([0-9a-f]{16})/.exec(header)?.[1] ?? "";
const rootOf = (header: string): string => /Root=([^;]+)/.exec(header)?.[1] ?? "";

describeWith(["moto"], "the synthesized pipeline on loopback (A4)", () => {
  let lab: PipelineLab;
  const seen = {} as Record<ZipServiceKey, Observed>;
  let published: Awaited<ReturnType<PipelineLab["published"]>>;
  let alerts: Awaited<ReturnType<PipelineLab["published"]>>;
  let publishHeader = "";
  let alertHeader = "";
  const ingestionHeader = newTraceHeader();

  async function observe(service: ZipServiceKey, event: unknown, header: string): Promise<Observed> {
    lab.gateway.reset();
    lab.daemon.clear();
    // As after SNS: Lambda opens its own segment, whose id is the parent of all the code sends.
    const root = parentOf(newTraceHeader());
    const host = await lab.function(service);
    const traceHeader = header.replace(/Parent=[0-9a-f]+/, `Parent=${root}`);
    const { result, error, lines } = await host.invoke(event, { traceHeader });
    if (error !== undefined) throw new Error(`${service}: ${JSON.stringify(error)}`);
    return { result, root, lines, calls: [...lab.gateway.calls], documents: await lab.daemon.settled() };
  }

  /** The trace header SNS was given, and gives to whoever the topic invokes. */
  const publishedWith = ({ calls }: Observed): string =>
    String(calls.find(({ operation }) => operation === "PublishBatch")?.headers["x-amzn-trace-id"]);

  beforeAll(async () => {
    lab = await PipelineLab.start();
    await lab.reset();
    await lab.watch("aapl", "MSFT");
    await lab.put("users", alertRule());
    await lab.put("users", userProfile());
    const at = yesterdayAt(12).toISOString();
    const shared = "Excellent results: a great win for Apple";
    lab.tiingo.script({
      kind: "articles",
      articles: [
        tiingoArticle(shared, { publishedDate: at }),
        tiingoArticle("Terrible losses, horrible fraud", { publishedDate: at, tickers: ["msft"] }),
      ],
    });
    const datetime = Math.floor(yesterdayAt(12, 7).getTime() / 1000);
    lab.finnhub.script((query) => ({
      kind: "articles",
      articles: query.get("symbol") === "AAPL" ? [finnhubArticle(shared, { datetime })] : [],
    }));
    seen.ingestion = await observe("ingestion", {}, ingestionHeader);
    published = await lab.published();
    publishHeader = publishedWith(seen.ingestion);
    // The one about Apple last, because it is the one that triggers the alert.
    const ofApple = (event: unknown) => JSON.stringify(event).includes("AAPL");
    const [first, second] = [...published].sort((a, b) => Number(ofApple(a)) - Number(ofApple(b)));
    const one = await observe("analysis", first, publishHeader);
    if (one.result === undefined) throw new Error("the first article was not analysed");
    seen.analysis = await observe("analysis", second, publishHeader);
    alertHeader = publishedWith(seen.analysis);
    alerts = await lab.published("notifications");
    seen.notification = await observe("notification", alerts[0], alertHeader);
    // Six minutes ago: one more item that nobody scored.
    await lab.put("items", {
      source_id: "dedup:stuck",
      timestamp: "2020-01-01",
      status: "pending",
      created_at: new Date(Date.now() - 6 * 60_000).toISOString(),
    });
    seen.metrics = await observe("metrics", { time: "2026-11-21T07:00:00Z" }, newTraceHeader());
  });

  afterAll(async () => {
    await lab?.stop();
  });

  test("A4 ingestion stores each story once and publishes it", () => {
    expect(seen.ingestion.result).toEqual({
      statusCode: 200,
      fetched: 3,
      created: 2,
      updated: 1,
      duplicates: 0,
      published: 2,
      selfHealed: 0,
    });
    expect(published).toHaveLength(2);
  });

  test("A4 analysis scores the items and fills six buckets per ticker", async () => {
    const items = (await lab.scan("items")).filter(({ source_id }) => source_id !== "dedup:stuck");
    expect(items.map(({ status, sentiment }) => [status, sentiment]).sort()).toEqual([
      ["analyzed", "negative"],
      ["analyzed", "positive"],
    ]);
    const buckets = await lab.scan("timeseries");
    expect(buckets.map(({ PK }) => PK).sort()).toEqual(
      ["AAPL", "MSFT"].flatMap((ticker) =>
        ["15m", "1h", "1m", "24h", "30m", "5m"].map((width) => `${ticker}#${width}`),
      ),
    );
    expect(new Set(buckets.map(({ count }) => count))).toEqual(new Set([1]));
    expect(buckets.find(({ PK }) => PK === "AAPL#24h")?.["SK"]).toBe(
      `${yesterdayAt(12).toISOString().slice(0, 10)}T00:00:00.000Z`,
    );
  });

  test("A4 the metrics function counts what is stuck", () => {
    expect(seen.metrics.result).toEqual({ stuckItems: 1 });
    expect(valuesOf(seen.metrics.calls, "StuckItems")).toEqual([1]);
  });

  test("A4 D14 the article's alert is mailed to the user who asked for it", () => {
    expect(alerts).toHaveLength(1);
    expect(seen.notification.result).toEqual({ sent: 1, suppressed: 0 });
    expect(lab.mail.calls.map(({ mail }) => mail.personalizations)).toEqual([[{ to: [{ email: ADDRESS }] }]]);
  });

  test("A4 SNS-1 D14 one trace id runs from ingestion through analysis and notification to the mail", () => {
    const { ingestion, analysis, notification } = seen;
    const ids = new Set(
      [ingestion, analysis, notification].flatMap(({ documents }) =>
        documents.map(({ trace_id }) => trace_id),
      ),
    );
    const root = rootOf(ingestionHeader);
    expect([...ids]).toEqual([root]);
    const sent = String(lab.mail.calls[0]?.headers["x-amzn-trace-id"]);
    expect([publishHeader, alertHeader, sent].map(rootOf)).toEqual([root, root, root]);
  });

  test("SNS-1 the publish subsegment is the parent the topic carries on", () => {
    expect(parentOf(publishHeader)).toBe(onlySegment(seen.ingestion.documents, "SNS").id);
    expect(parentOf(alertHeader)).toBe(onlySegment(seen.analysis.documents, "SNS").id);
  });

  test("SNS-1 no trace data travels in the message", () => {
    expect(JSON.stringify([...published, ...alerts])).not.toMatch(/Root=|trace/i);
  });

  test("A4 SG-1 no address and no key is in a trace, a log line or a message", () => {
    const { address, key } = { address: ADDRESS, key: "key-of-sendgrid" };
    expect(lab.mail.calls[0]?.headers.authorization).toBe(`Bearer ${key}`);
    const traces = SERVICES_RUN.flatMap((service) => [seen[service].documents, seen[service].lines]);
    const everything = JSON.stringify([traces, published, alerts]);
    expect(everything).not.toContain(address);
    expect(everything).not.toContain(key);
  });

  test.each(SERVICES_RUN)("A4 TRC-2 %s records each AWS call exactly once", (service) => {
    const { calls, documents } = seen[service];
    const operations = calls.map(({ operation }) => operation.toLowerCase()).sort();
    const recorded = documents.filter(({ namespace }) => namespace === "aws");
    expect(recorded.map(({ aws }) => aws?.operation?.toLowerCase()).sort()).toEqual(operations);
    const parents = calls.map(({ headers }) => parentOf(String(headers["x-amzn-trace-id"]))).sort();
    expect(recorded.map(({ id }) => id).sort()).toEqual(parents);
  });

  test("A4 TRC-2 SG-1 the request to the mail provider is exactly one remote subsegment", () => {
    const remote = seen.notification.documents.filter(({ namespace }) => namespace === "remote");
    expect(remote.map(({ http }) => http?.response?.status)).toEqual([202]);
    expect(lab.mail.calls).toHaveLength(1);
  });

  test("A4 TRC-2 each vendor request is exactly one remote subsegment, without the key in its URL", () => {
    const remote = seen.ingestion.documents.filter(({ namespace }) => namespace === "remote");
    expect(remote).toHaveLength(lab.tiingo.calls.length + lab.finnhub.calls.length);
    expect(remote).toHaveLength(3);
    expect(remote.map((document) => ancestors(document, seen.ingestion.documents)[0]).sort()).toEqual([
      "fetch_finnhub",
      "fetch_finnhub",
      "fetch_tiingo",
    ]);
    expect(JSON.stringify(seen.ingestion.documents)).not.toContain("key-of-");
  });

  test.each(SERVICES_RUN)("A4 TRC-4 %s leaves no orphan and closes every subsegment", (service) => {
    const { documents, root } = seen[service];
    expect(orphans(documents, [root])).toEqual([]);
    expect(documents.filter(({ end_time }) => end_time === undefined)).toEqual([]);
    expect(documents.filter(({ parent_id }) => parent_id === root).map(({ name }) => name)).toEqual([
      "handle_event",
    ]);
  });

  test("A4 TRC-4 subsegments hang where the work was done", () => {
    const trail = (service: ZipServiceKey, name: string) =>
      ancestors(onlySegment(seen[service].documents, name), seen[service].documents);
    expect(trail("ingestion", "SNS")).toEqual(["downstream_notification_publish", "handle_event"]);
    expect(trail("ingestion", "CloudWatch")).toEqual(["emit_metrics", "handle_event"]);
    expect(trail("analysis", "write_ticker_buckets")).toEqual([
      "timeseries_fanout_batch_write",
      "write_timeseries_fanout",
      "handle_event",
    ]);
    expect(trail("analysis", "SNS")).toEqual(["evaluate_alerts", "handle_event"]);
    expect(trail("notification", "127.0.0.1")).toEqual(["sendgrid_send_email", "send_alert", "handle_event"]);
    expect(trail("metrics", "DynamoDB")).toEqual(["query_stuck_items", "handle_event"]);
  });

  test.each(SERVICES_RUN)("A4 TRC-5 %s sends no metadata: no response, no request body", (service) => {
    expect(seen[service].documents.filter(({ metadata }) => metadata !== undefined)).toEqual([]);
  });

  test.each(SERVICES_RUN)("A4 TRC-6 %s carries its service name", (service) => {
    const { annotations } = onlySegment(seen[service].documents, "handle_event");
    expect(annotations).toEqual({ Service: `sentiment-analyzer-${service}`, ColdStart: true });
  });

  test("DEP-2 what healthy runs send passes the release gates", () => {
    const run = (["ingestion", "analysis", "notification", "metrics"] as const).map((service) => ({
      name: functionName(ENVIRONMENT, service),
      ...seen[service],
    }));
    const traces = run.flatMap(({ name, root, documents }) => tracesUnder(name, root, documents));
    for (const judge of [judgeStructure, judgeAnnotations]) {
      const findings = judge(ENVIRONMENT, traces).filter(({ what }) =>
        run.some(({ name }) => what.endsWith(name)),
      );
      expect(findings.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
      expect(findings).toHaveLength(run.length);
    }
  });

  test.each(SERVICES_RUN)("A4 %s calls CloudWatch once", (service) => {
    expect(batches(seen[service].calls)).toHaveLength(1);
  });

  test("A4 no healthy run has a fault", () => {
    const all = SERVICES_RUN.flatMap((service) => seen[service].documents);
    expect(all.filter(({ fault, error }) => fault || error).map(({ name }) => name)).toEqual([]);
  });

  test.each(SERVICES_RUN)("IAM-1 %s calls exactly what the contract grants", (service) => {
    const used = new Set(seen[service].calls.flatMap(usesOf));
    expect([...used].sort()).toEqual([...grantedTo(service)].sort());
  });

  test.each(["ingestion", "metrics"] as const)(
    "DEP-3 %s under the kill switch does its work and sends no subsegment",
    async (service) => {
      lab.daemon.clear();
      const change = { POWERTOOLS_TRACE_ENABLED: TRACING_SWITCHES.POWERTOOLS_TRACE_ENABLED.off };
      const host = await lab.function(service, change);
      const { error, result } = await host.invoke({ time: "2026-11-21T07:05:00Z" });
      expect({ error, result }).toEqual({ error: undefined, result: expect.any(Object) });
      expect(await lab.daemon.settled()).toEqual([]);
    },
  );
});
