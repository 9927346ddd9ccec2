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

describeWith(["runtimeClient"], "Spans that a collector or the queue refuses", () => {
  let collector: OtlpReceiver;
  beforeAll(async () => {
    collector = await OtlpReceiver.start();
  });
  afterAll(() => collector.stop());

  async function streamInto(behaviour: Behaviour): Promise<StreamedInvocation> {
    await collector.reset();
    const client = await startProbe(collector);
    try {
      await collector.reset(behaviour);
      return await client.invoke({ events: EVENTS, rate: RATE }, { remainingMs: 6500 });
    } finally {
      await client.stop();
    }
  }

  test("C2 SSE-B14 SSE-E1 a collector that answers 500 loses what it was given, and the lines count it", async () => {
    const invocation = await streamInto({ kind: "status", status: 500 });
    const { report, flushStartedAt, flushedAt } = toldBy(invocation);
    expect(invocation.end).toBe("streamed");
    expect(flushedAt - flushStartedAt).toBeLessThanOrEqual(2600);
    expect(report.counts).toEqual({
      created: SPANS,
      open: 0,
      exported: 0,
      failed: SPANS,
      dropped: 0,
      pending: 0,
    });
    expect(sum(linesWith(invocation, "otel_export_failed"), "spans")).toBe(SPANS);
    expect(matching(invocation, "otelExportFailed")).toBeGreaterThan(0);
    // A collector that answers is there: the export lines are enough.
    expect(linesWith(invocation, "flush_timeout_cause")).toEqual([]);
  });

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
