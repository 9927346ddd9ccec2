import { filterPattern, LOG_EVENTS } from "../../contract/logs";
import { type Behaviour, OtlpReceiver } from "../../lab/runtime/otlp-receiver";
import type { StreamedInvocation } from "../../lab/runtime/streamed-invocation";
import { matchesPattern } from "../support/filter-pattern";
import { describeWith } from "../support/tools";
import { linesWith, startProbe, toldBy } from "./probe/lab";

/** Three seconds at 75 events a second; two spans an event, and three for the stream. */
const EVENTS = 225;
const SPANS = EVENTS * 2 + 3;
const RATE = 75;

function sum(lines: readonly Record<string, unknown>[], field: string): number {
  return lines.reduce((total, line) => total + Number(line[field]), 0);
}

function matching(invocation: StreamedInvocation, event: keyof typeof LOG_EVENTS): number {
  return invocation.lines.filter((line) => matchesPattern(filterPattern(LOG_EVENTS[event]), line)).length;
}

describeWith(["runtimeClient"], "Spans of a stream, with collectors in every state", () => {
  let collector: OtlpReceiver;
  beforeAll(async () => {
    collector = await OtlpReceiver.start();
  });
  afterAll(() => collector.stop());

  async function streamInto(behaviour: Behaviour, version: "3" | "4"): Promise<StreamedInvocation> {
    await collector.reset();
    const client = await startProbe(collector, { version });
    try {
      await collector.reset(behaviour);
      return await client.invoke({ events: EVENTS, rate: RATE }, { remainingMs: 6500 });
    } finally {
      await client.stop();
    }
  }

  test.each<[string, Behaviour, "3" | "4"]>([
    ["healthy", { kind: "healthy" }, "3"],
    ["healthy", { kind: "healthy" }, "4"],
    ["slow", { kind: "slow", delayMs: 300 }, "3"],
    ["unavailable once, then healthy", { kind: "unavailable", times: 1 }, "3"],
  ])("C2 SSE-B6 SSE-E1 SSE-E7 every span arrives: collector %s", async (_title, behaviour, version) => {
    const invocation = await streamInto(behaviour, version);
    const { report } = toldBy(invocation);
    expect(invocation.end).toBe("streamed");
    expect(report.counts).toEqual({
      created: SPANS,
      open: 0,
      exported: SPANS,
      failed: 0,
      dropped: 0,
      pending: 0,
    });
    const ids = collector.spans.map(({ spanId }) => spanId);
    expect({ received: ids.length, distinct: new Set(ids).size }).toEqual({
      received: SPANS,
      distinct: SPANS,
    });
    expect(matching(invocation, "otelExportFailed")).toBe(0);
  });

  test.each<[string, Behaviour, string | undefined, "3" | "4"]>([
    ["refuses", { kind: "refuse" }, "extension_unavailable", "3"],
    ["hangs", { kind: "hang" }, "extension_hang", "3"],
    ["hangs", { kind: "hang" }, "extension_hang", "4"],
    ["crashes", { kind: "crash", afterExports: 2 }, "extension_unavailable", "3"],
    ["answers 500", { kind: "status", status: 500 }, undefined, "3"],
  ])(
    "C2 SSE-B14 SSE-E1 SSE-E2 the stream ends in time and the loss is counted: collector %s",
    async (...row) => {
      const [, behaviour, cause, version] = row;
      const invocation = await streamInto(behaviour, version);
      const { report, flushStartedAt, flushedAt } = toldBy(invocation);
      expect(invocation.end).toBe("streamed");
      expect(
        invocation.deadline - (invocation.completedAt ?? Number.POSITIVE_INFINITY),
      ).toBeGreaterThanOrEqual(400);
      expect(flushedAt - flushStartedAt).toBeLessThanOrEqual(2600);
      const { created, exported, failed, dropped, pending } = report.counts ?? {};
      expect({ created, pending, dropped }).toEqual({ created: SPANS, pending: 0, dropped: 0 });
      expect(exported).toBe(collector.spans.length);
      expect(failed).toBe(SPANS - collector.spans.length);
      expect(sum(linesWith(invocation, "otel_export_failed"), "spans")).toBe(failed);
      expect(matching(invocation, "otelExportFailed")).toBeGreaterThan(0);
      expect(linesWith(invocation, "flush_timeout_cause").map((line) => line["flush_timeout_cause"])).toEqual(
        cause === undefined ? [] : [cause],
      );
    },
  );

  test("SSE-B14 spans that find the queue full are counted, the first of them at once", async () => {
    await collector.reset();
    const client = await startProbe(collector);
    await collector.reset({ kind: "hang" });
    const burst = 2000;
    const invocation = await client
      .invoke({ events: burst, rate: 1_000_000, budget: 10_000 }, { remainingMs: 15_000 })
      .finally(() => client.stop());
    const { counts } = toldBy(invocation).report;
    expect(counts?.created).toBe(burst * 2 + 3);
    expect(counts?.dropped).toBeGreaterThan(0);
    expect(sum(linesWith(invocation, "span_queue_overflow"), "dropped")).toBe(counts?.dropped);
    expect(matching(invocation, "spanQueueOverflow")).toBeGreaterThan(0);
    expect((counts?.failed ?? 0) + (counts?.dropped ?? 0)).toBe(counts?.created);
  });
});
