import { STREAM_SPANS } from "../../../contract/spans";
import { STREAM_EVENTS } from "../../../contract/streaming";
import { newTraceHeader } from "../../../lab/runtime/function-host";
import { OtlpReceiver } from "../../../lab/runtime/otlp-receiver";
import type { StreamedInvocation } from "../../../lab/runtime/streamed-invocation";
import {
  configurationStream,
  END_MS,
  eventsIn,
  globalStream,
  linesWith,
  named,
  namesIn,
  traceOf,
} from "../../support/stream-reading";
import { accessToken, userRows } from "../../support/stream-seeds";
import { describeStream } from "../../support/stream-suite";

const { deadline, done, error } = STREAM_EVENTS;

/** Milliseconds from the last span's end, which is the flush's beginning, to the end of the answer and the next work. */
function tailOf({ lines, completedAt }: StreamedInvocation): number {
  const [ended] = linesWith(lines, "spans_created");
  return (completedAt ?? Number.POSITIVE_INFINITY) - Date.parse(String(ended?.["timestamp"]));
}

describeStream("The end of a stream", (lab) => {
  beforeAll(async () => {
    await lab().put("users", ...userRows("ann", { one: { status: "active", tickers: ["AAPL"] } }));
    await lab().traffic(250, ["AAPL"]);
  });

  const requests = {
    global: () => globalStream(),
    configuration: () => configurationStream("one", accessToken("ann")),
  } as const;

  test.each([
    ["global", "3"],
    ["global", "4"],
    ["configuration", "3"],
  ] as const)(
    "C3 D21 SSE-C2 SSE-E3 SSE-E4 SSE-E5 SSE-G2 at the deadline the last events are deadline and done: %s stream, client %s",
    async (kind, version) => {
      const collector = await OtlpReceiver.start();
      const client = await lab().client({
        version,
        variables: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      });
      const traceHeader = newTraceHeader();
      const invocation = await client.invoke(requests[kind](), { traceHeader, remainingMs: END_MS + 2000 });
      // What ended after the flush of the first would come with the flush of the second.
      await client.invoke(requests[kind](), { remainingMs: END_MS + 100 });
      await collector.stop();
      const spans = collector.spans.filter(({ traceId }) => traceId === traceOf(traceHeader).traceId);
      expect(invocation.end).toBe("streamed");
      const [before, last] = eventsIn(invocation).slice(-2);
      expect(before).toMatchObject({ name: deadline, id: undefined, data: { reason: "timeout_imminent" } });
      expect(last).toMatchObject({ name: done, id: undefined, data: { reason: "deadline" } });
      const remaining = Number(before?.data["remaining_ms"]);
      expect(Math.abs(invocation.deadline - (before?.at ?? 0) - remaining)).toBeLessThanOrEqual(50);
      const [mark] = named(spans, STREAM_SPANS.flush);
      expect(mark?.attributes["flush_reason"]).toBe("deadline");
      const stream = kind === "global" ? STREAM_SPANS.globalStream : STREAM_SPANS.configStream;
      expect(named(spans, stream)[0]?.attributes["flush_reason"]).toBe("deadline");
      for (const span of spans) expect(span.endedAt).toBeLessThanOrEqual((mark?.endedAt ?? 0) + 5);
      expect(tailOf(invocation)).toBeLessThanOrEqual(100);
      expect(invocation.deadline - (invocation.completedAt ?? 0)).toBeGreaterThanOrEqual(400);
    },
  );

  test("C3 SSE-E1 SSE-E3 a collector, tables and metrics that hang do not keep a stream past its deadline", async () => {
    const collector = await OtlpReceiver.start();
    const client = await lab().client({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    await collector.reset({ kind: "hang" });
    const running = client.invoke(globalStream(), { remainingMs: END_MS + 3000 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    lab().gateway.failWhen(() => "hang");
    const invocation = await running;
    lab().gateway.reset();
    await collector.stop();
    expect(invocation.end).toBe("streamed");
    expect(namesIn(invocation).slice(-2)).toEqual([deadline, done]);
    expect(invocation.deadline - (invocation.completedAt ?? Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(
      400,
    );
    expect(tailOf(invocation)).toBeLessThanOrEqual(100);
    // Nobody could give the lease back, so it goes by itself soon after the longest this stream could have lasted.
    const [lease] = await lab().scan("leases");
    expect(Number(lease?.["expires_at"]) - invocation.deadline).toBeLessThanOrEqual(30_000);
  });

  test("SSE-E3 SSE-E4 SSE-G2 a stream that has lasted long enough says so and ends", async () => {
    await lab().collector.reset();
    const client = await lab().client({ variables: { SSE_MAX_STREAM_MS: "1500" } });
    const invocation = await client.invoke(globalStream());
    expect(invocation.end).toBe("streamed");
    expect(eventsIn(invocation).slice(-2)).toMatchObject([
      { name: deadline, data: { reason: "max_stream" } },
      { name: done, data: { reason: "max_stream" } },
    ]);
    expect(named(lab().collector.spans, STREAM_SPANS.flush)[0]?.attributes["flush_reason"]).toBe(
      "max_stream",
    );
    expect(invocation.endedAt - invocation.startedAt).toBeLessThan(2500);
    expect(tailOf(invocation)).toBeLessThanOrEqual(100);
  });

  test("C9 D20 SF-5 SC-094 a poll that fails and recovers costs nothing; three in a row end the stream with error and done", async () => {
    // Calls that hung in the test before are tried again for a while, and would be counted here.
    await lab().stopClients();
    await lab().collector.reset();
    const before = await lab().scan("leases");
    const client = await lab().client();
    const broken = { status: 400, code: "ValidationException", message: "broken by the test" };
    let polls = 0;
    // Three queries each; the first poll reads the past, the second fails, the third is good, then none is.
    lab().gateway.failWhen(({ operation, input }) => {
      if (operation !== "Query" || input["IndexName"] !== "by_sentiment") return undefined;
      polls += 1;
      const poll = Math.ceil(polls / 3);
      return poll === 2 || poll > 4 ? broken : undefined;
    });
    const invocation = await client.invoke(globalStream(), { remainingMs: 20_000 });
    lab().gateway.reset();
    expect(invocation.end).toBe("streamed");
    expect(invocation.prelude?.statusCode).toBe(200);
    expect(eventsIn(invocation).slice(-2)).toMatchObject([
      { name: error, id: undefined, data: { reason: "poll_failed" } },
      { name: done, id: undefined, data: { reason: "poll_failed" } },
    ]);
    const text = Buffer.concat(invocation.body.map(({ bytes }) => bytes)).toString("utf8");
    expect(text).not.toContain("statusCode");
    expect(text).not.toContain("broken by the test");
    const { spans } = lab().collector;
    const [stream] = named(spans, STREAM_SPANS.globalStream);
    expect(stream?.status.code).toBe(2);
    const failed = named(spans, STREAM_SPANS.poll).filter(({ status }) => status.code === 2);
    expect(failed).toHaveLength(4);
    for (const { events } of failed) expect(events.map(({ name }) => name)).toEqual(["exception"]);
    expect(linesWith(invocation.lines, "failures_in_a_row").map((line) => line["failures_in_a_row"])).toEqual(
      [1, 1, 2, 3],
    );
    // What the failed poll did not bring came with the next: nothing is missing between the first and the last event.
    const totals = eventsIn(invocation).flatMap(({ name, data }) =>
      name === "metrics" ? [Number(data["total"])] : [],
    );
    expect(totals.length).toBeGreaterThanOrEqual(3);
    expect(await lab().scan("leases")).toEqual(before);
    expect((await client.invoke(globalStream(), { remainingMs: END_MS + 200 })).end).toBe("streamed");
  });
});
