import { OtlpReceiver } from "../../lab/runtime/otlp-receiver";
import { describeWith } from "../support/tools";
import { linesWith, startProbe, toldBy } from "./probe/lab";

describeWith(["runtimeClient"], "The end of a stream", () => {
  let collector: OtlpReceiver;
  beforeAll(async () => {
    collector = await OtlpReceiver.start();
  });
  afterAll(() => collector.stop());
  beforeEach(() => collector.reset());

  test("C3 SSE-E1 no timer keeps the environment busy after a flush against a hung collector", async () => {
    const client = await startProbe(collector);
    await collector.reset({ kind: "hang" });
    const invocation = await client.invoke({ events: 20 }).finally(() => client.stop());
    const { flushedAt } = toldBy(invocation);
    expect((invocation.completedAt ?? Number.POSITIVE_INFINITY) - flushedAt).toBeLessThanOrEqual(100);
  });

  test("SSE-E5 work that outlives the flush ends no span; its error becomes a log line", async () => {
    const client = await startProbe(collector);
    const invocation = await client.invoke({ events: 3, lateFailureMs: 400 }).finally(() => client.stop());
    expect(linesWith(invocation, "error_after_flush")).toMatchObject([
      { span: "cloudwatch_put_metric", exception_message: "late failure" },
    ]);
    const span = collector.spans.find(({ name }) => name === "cloudwatch_put_metric");
    expect(span?.endedAt).toBeLessThanOrEqual(toldBy(invocation).flushStartedAt + 5);
    expect(span?.status.code).toBe(0);
  });

  test("SSE-D4 SSE-E6 a stream that throws reports it in trailers and its spans are flushed all the same", async () => {
    const client = await startProbe(collector);
    const invocation = await client.invoke({ events: 3, fail: true }).finally(() => client.stop());
    expect(invocation.end).toBe("stream-failed");
    expect(invocation.error?.errorMessage).toBe("asked to fail");
    expect(invocation.trailers["lambda-runtime-function-error-type"]).toBeDefined();
    const stream = collector.spans.find(({ name }) => name === "sse_global_stream");
    expect(stream?.status).toEqual({ code: 2, message: "asked to fail" });
    expect(stream?.events.map(({ name }) => name)).toEqual(["exception"]);
    expect(toldBy(invocation).report.counts).toMatchObject({ open: 0, pending: 0, failed: 0 });
  });

  test("SSE-D1 a quarter of an hour of polls that change nothing is a handful of spans", async () => {
    const client = await startProbe(collector);
    const invocation = await client.invoke({ events: 0, steadyPolls: 181 }).finally(() => client.stop());
    expect(invocation.end).toBe("streamed");
    const summaries = collector.spans.filter(({ name }) => name === "dynamodb_poll");
    expect(summaries.map(({ attributes }) => attributes["poll_count"])).toEqual([60, 60, 60, 1]);
    const [first] = summaries;
    expect((first?.endedAt ?? 0) - (first?.startedAt ?? 0)).toBe(59 * 5000 + 20);
    expect(first?.attributes).toMatchObject({ changed_count: 0, poll_duration_ms: 20 });
  });

  test("a stream that uses up its span budget keeps its own span, the flush's, and the count of the others", async () => {
    const client = await startProbe(collector);
    await client.invoke({ events: 20, rate: 1000, budget: 10 }).finally(() => client.stop());
    expect(collector.spans).toHaveLength(11);
    const stream = collector.spans.find(({ name }) => name === "sse_global_stream");
    expect(stream?.attributes["suppressed_span_count"]).toBe(20 * 2 - 8);
    expect(collector.spans.some(({ name }) => name === "force_flush")).toBe(true);
  });
});
