import { ZIP_SERVICES, type ZipServiceKey } from "../../contract/services";
import type { AwsCall } from "../../lab/runtime/aws-gateway";
import { newTraceHeader } from "../../lab/runtime/function-host";
import type { SegmentDocument } from "../../lab/runtime/xray-daemon";
import { grantedTo, usesOf } from "../support/access-used";
import { finnhubArticle, tiingoArticle, yesterdayAt } from "../support/news";
import { ancestors, batches, onlySegment, orphans, valuesOf } from "../support/observed";
import { PipelineLab } from "../support/pipeline-lab";
import { describeWith } from "../support/tools";

/** What one function did in the run under test. */
interface Observed {
  readonly calls: readonly AwsCall[];
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
  let publishHeader = "";
  const ingestionHeader = newTraceHeader();

  async function observe(service: ZipServiceKey, event: unknown, header: string): Promise<Observed> {
    lab.gateway.reset();
    lab.daemon.clear();
    // As after SNS: Lambda opens its own segment, whose id is the parent of all the code sends.
    const root = parentOf(newTraceHeader());
    const host = await lab.function(service);
    const traceHeader = header.replace(/Parent=[0-9a-f]+/, `Parent=${root}`);
    const { result, error } = await host.invoke(event, { traceHeader });
    if (error !== undefined) throw new Error(`${service}: ${JSON.stringify(error)}`);
    return { result, root, calls: [...lab.gateway.calls], documents: await lab.daemon.settled() };
  }

  beforeAll(async () => {
    lab = await PipelineLab.start();
    await lab.reset();
    await lab.watch("aapl", "MSFT");
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
    publishHeader = String(
      seen.ingestion.calls.find(({ operation }) => operation === "PublishBatch")?.headers["x-amzn-trace-id"],
    );
    const [first, second] = published;
    const one = await observe("analysis", first, publishHeader);
    const two = await observe("analysis", second, publishHeader);
    seen.analysis = one;
    if (two.result === undefined) throw new Error("the second article was not analysed");
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

  test("A4 SNS-1 one trace id runs through ingestion and analysis", () => {
    const ids = new Set([...seen.ingestion.documents, ...seen.analysis.documents].map((d) => d.trace_id));
    expect([...ids]).toEqual([rootOf(ingestionHeader)]);
    expect(rootOf(publishHeader)).toBe(rootOf(ingestionHeader));
  });

  test("SNS-1 the publish subsegment is the parent the topic carries on", () => {
    expect(parentOf(publishHeader)).toBe(onlySegment(seen.ingestion.documents, "SNS").id);
  });

  test("SNS-1 no trace data travels in the message", () => {
    expect(JSON.stringify(published)).not.toMatch(/Root=|trace/i);
  });

  test.each(ZIP_SERVICES)("A4 TRC-2 %s records each AWS call exactly once", (service) => {
    const { calls, documents } = seen[service];
    const operations = calls.map(({ operation }) => operation.toLowerCase()).sort();
    const recorded = documents.filter(({ namespace }) => namespace === "aws");
    expect(recorded.map(({ aws }) => aws?.operation?.toLowerCase()).sort()).toEqual(operations);
    const parents = calls.map(({ headers }) => parentOf(String(headers["x-amzn-trace-id"]))).sort();
    expect(recorded.map(({ id }) => id).sort()).toEqual(parents);
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

  test.each(ZIP_SERVICES)("A4 TRC-4 %s leaves no orphan and closes every subsegment", (service) => {
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
    expect(trail("metrics", "DynamoDB")).toEqual(["query_stuck_items", "handle_event"]);
  });

  test.each(ZIP_SERVICES)("A4 TRC-5 %s sends no metadata: no response, no request body", (service) => {
    expect(seen[service].documents.filter(({ metadata }) => metadata !== undefined)).toEqual([]);
  });

  test.each(ZIP_SERVICES)("A4 TRC-6 %s carries its service name", (service) => {
    const { annotations } = onlySegment(seen[service].documents, "handle_event");
    expect(annotations).toEqual({ Service: `sentiment-analyzer-${service}`, ColdStart: true });
  });

  test.each(ZIP_SERVICES)("A4 %s calls CloudWatch once", (service) => {
    expect(batches(seen[service].calls)).toHaveLength(1);
  });

  test("A4 no healthy run has a fault", () => {
    const all = ZIP_SERVICES.flatMap((service) => seen[service].documents);
    expect(all.filter(({ fault, error }) => fault || error).map(({ name }) => name)).toEqual([]);
  });

  test.each(ZIP_SERVICES)("IAM-1 %s calls exactly what the contract grants", (service) => {
    const used = new Set(seen[service].calls.flatMap(usesOf));
    expect([...used].sort()).toEqual([...grantedTo(service)].sort());
  });
});
