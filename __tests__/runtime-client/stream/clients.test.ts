import { setTimeout as sleep } from "node:timers/promises";
import { STREAM_SPANS } from "../../../contract/spans";
import { STREAM, STREAM_EVENTS } from "../../../contract/streaming";
import { newTraceHeader } from "../../../lab/runtime/function-host";
import type { ReceivedSpan } from "../../../lab/runtime/otlp-traces";
import type { RuntimeClient } from "../../../lab/runtime/runtime-client";
import { eventually } from "../../support/eventually";
import { streamCode } from "../../support/stream-code";
import { END_MS, globalStream, linesWith, named, namesIn, traceOf } from "../../support/stream-reading";
import { describeStream } from "../../support/stream-suite";
import type { LabOrder } from "./lab-handler";

describeStream("A client that leaves", (lab) => {
  beforeAll(() => lab().traffic(200, ["AAPL", "MSFT", "GOOG", "AMZN"]));

  function spansOf(traceHeader: string): readonly ReceivedSpan[] {
    const { traceId } = traceOf(traceHeader);
    return lab().collector.spans.filter((span) => span.traceId === traceId);
  }

  async function expectLeft(traceHeader: string): Promise<void> {
    const stream = await eventually(
      "the stream's span",
      () => named(spansOf(traceHeader), STREAM_SPANS.globalStream)[0],
    );
    expect(stream.attributes).toMatchObject({
      client_disconnected: true,
      flush_reason: "client_disconnected",
    });
    expect(stream.status.code).not.toBe(2);
    expect(stream.events).toEqual([]);
    expect(named(spansOf(traceHeader), STREAM_SPANS.release)).toHaveLength(1);
  }

  test("C9 SSE-F1 SSE-E6 a client whose connection closes ends its stream within a step, without an error", async () => {
    const host = await lab().host();
    const traceHeader = newTraceHeader();
    const { end } = await host.connect(globalStream(), {
      traceHeader,
      remainingMs: 60_000,
      vanishAfter: 6000,
    });
    const left = Date.now();
    expect(end).toBe("vanished");
    await expectLeft(traceHeader);
    const stream = named(spansOf(traceHeader), STREAM_SPANS.globalStream)[0];
    expect((stream?.endedAt ?? 0) - left).toBeLessThan(1500);
    const polls = named(spansOf(traceHeader), STREAM_SPANS.poll);
    for (const { startedAt } of polls) expect(startedAt).toBeLessThanOrEqual((stream?.endedAt ?? 0) + 1);
    expect(host.alive).toBe(true);
    expect(await lab().scan("leases")).toEqual([]);
  });

  describe("under AWS's client", () => {
    let client: RuntimeClient;
    beforeAll(async () => {
      client = await lab().client({ code: streamCode("lab") });
    });

    test.each<NonNullable<LabOrder["breaks"]>>([
      { how: "EPIPE", after: 3 },
      { how: "ECONNRESET", after: 8 },
      { how: "ERR_STREAM_DESTROYED", after: 3 },
      { how: "close", after: 5 },
      { how: "throw", after: 4 },
      { how: "EPIPE", after: 0 },
    ])("C9 D20 SSE-F1 SSE-E6 a write that fails is a client that left: %j", async (breaks) => {
      const traceHeader = newTraceHeader();
      const event = { ...globalStream(), lab: { breaks } satisfies LabOrder };
      const started = Date.now();
      const invocation = await client.invoke(event, { traceHeader, remainingMs: 30_000 });
      expect(invocation.end).not.toBe("exited");
      expect(invocation.completedAt).toBeDefined();
      expect(invocation.endedAt - started).toBeLessThan(4000);
      await expectLeft(traceHeader);
      expect(namesIn(invocation)).not.toContain(STREAM_EVENTS.done);
      expect(linesWith(invocation.lines, "reason")).toMatchObject([{ reason: "client_disconnected" }]);
      expect(invocation.lines.filter((line) => /unhandled/i.test(line))).toEqual([]);
      expect(await lab().scan("leases")).toEqual([]);
    });

    test("C9 SSE-F1 a client that takes no bytes is given up after five seconds, and so is its invocation", async () => {
      const traceHeader = newTraceHeader();
      const event = { ...globalStream(), lab: { breaks: { how: "stall", after: 3 } } satisfies LabOrder };
      const invocation = await client.invoke(event, { traceHeader, remainingMs: 40_000 });
      await expectLeft(traceHeader);
      const stream = named(spansOf(traceHeader), STREAM_SPANS.globalStream)[0];
      expect(stream?.attributes["drain_timeout"]).toBe(true);
      expect((stream?.endedAt ?? 0) - (stream?.startedAt ?? 0)).toBeGreaterThanOrEqual(STREAM.drainTimeoutMs);
      expect((invocation.completedAt ?? Number.POSITIVE_INFINITY) - invocation.startedAt).toBeLessThan(
        15_000,
      );
      expect(await lab().scan("leases")).toEqual([]);
    });

    test("SSE-F1 the next stream of the same process is whole", async () => {
      const invocation = await client.invoke(globalStream(), { remainingMs: END_MS + 500 });
      expect(namesIn(invocation).at(-1)).toBe(STREAM_EVENTS.done);
    });
  });

  test.each(["3", "4"] as const)(
    "C9 SSE-F1 a connection to Lambda that is cut ends the process, as AWS's client %s wants it; the lease expires and the next stream is whole",
    async (version) => {
      const client = await lab().client({ version });
      const cut = await client.invoke(globalStream(), {
        remainingMs: 20_000,
        caller: { kind: "vanishes", afterBytes: 4000 },
      });
      expect(cut.end).toBe("vanished");
      const [lease] = await lab().scan("leases");
      if (lease !== undefined) expect(Number(lease["expires_at"]) - cut.deadline).toBeLessThanOrEqual(30_000);
      const next = await client.invoke(globalStream(), { remainingMs: END_MS + 500 });
      expect(namesIn(next).at(-1)).toBe(STREAM_EVENTS.done);
      await sleep(100);
    },
  );
});
