import { setTimeout as sleep } from "node:timers/promises";
import { STREAM_SPANS } from "../../../contract/spans";
import { newTraceHeader } from "../../../lab/runtime/function-host";
import type { ReceivedSpan } from "../../../lab/runtime/otlp-traces";
import type { StreamedInvocation } from "../../../lab/runtime/streamed-invocation";
import { END_MS, eventsIn, globalStream, linesWith, named, traceOf } from "../../support/stream-reading";
import { describeStream } from "../../support/stream-suite";

const INTERNAL = 1;
const CLIENT = 3;
/** Long enough for one step of the one-second polls of the lab. */
const STREAM_MS = 2200;

function idsOf(spans: readonly ReceivedSpan[], name: string): readonly string[] {
  return named(spans, name).map(({ spanId }) => spanId);
}

function parentsOf(spans: readonly ReceivedSpan[], name: string): readonly string[] {
  return [...new Set(named(spans, name).map(({ parentSpanId }) => parentSpanId))];
}

/** One stream span below Lambda's own, everything else below it, and each once that must be there once. */
function expectChain(spans: readonly ReceivedSpan[], header: string): void {
  const { parent, traceId } = traceOf(header);
  const own = spans.filter((span) => span.traceId === traceId);
  const stream = idsOf(own, STREAM_SPANS.globalStream);
  expect(parentsOf(own, STREAM_SPANS.globalStream)).toEqual([parent]);
  for (const name of [STREAM_SPANS.acquire, STREAM_SPANS.release, STREAM_SPANS.flush]) {
    expect(named(own, name)).toHaveLength(1);
    expect([name, ...parentsOf(own, name)]).toEqual([name, ...stream]);
  }
  expect(named(own, STREAM_SPANS.putMetric)).toHaveLength(2);
  for (const name of [STREAM_SPANS.poll, STREAM_SPANS.dispatch, STREAM_SPANS.putMetric]) {
    expect([name, ...parentsOf(own, name)]).toEqual([name, ...stream]);
  }
  const polls = idsOf(own, STREAM_SPANS.poll);
  for (const poll of parentsOf(own, STREAM_SPANS.querySentiment)) expect(polls).toContain(poll);
  const known: readonly string[] = Object.values(STREAM_SPANS);
  expect(own.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
}

function expectOwnId(invocation: StreamedInvocation, header: string): void {
  const events = eventsIn(invocation);
  expect(events.length).toBeGreaterThanOrEqual(4);
  for (const { data } of events) {
    expect(data["trace_id"]).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(data["trace_id"]).toBe(traceOf(header).root);
  }
}

describeStream("The trace of a stream", (lab) => {
  beforeAll(() => lab().traffic(250, ["AAPL", "MSFT"]));

  async function twenty(version: "3" | "4"): Promise<void> {
    const client = await lab().client({ version });
    for (let index = 0; index < 20; index += 1) {
      const sampled = index % 5 !== 4;
      const traceHeader = sampled ? newTraceHeader() : newTraceHeader().replace("Sampled=1", "Sampled=0");
      const options = { traceHeader, remainingMs: END_MS + STREAM_MS };
      const invocation = await client.invoke(globalStream(), options);
      expect(invocation.end).toBe("streamed");
      expectOwnId(invocation, traceHeader);
      const own = lab().collector.spans.filter((span) => span.traceId === traceOf(traceHeader).traceId);
      if (!sampled) {
        expect(own).toEqual([]);
        continue;
      }
      expectChain(lab().collector.spans, traceHeader);
      // The other spans of a stream come with what happens; in this one something does.
      for (const name of [STREAM_SPANS.querySentiment, STREAM_SPANS.dispatch]) {
        expect(named(own, name).length).toBeGreaterThan(0);
      }
      const [first] = invocation.events.filter(({ fields }) => fields["event"] === "sentiment_update");
      expect(first).toBeDefined();
      for (const line of linesWith(invocation.lines, "xray_trace_id")) {
        expect(line["xray_trace_id"]).toBe(traceOf(traceHeader).root);
      }
      expect(linesWith(invocation.lines, "xray_trace_id").length).toBeGreaterThan(0);
    }
  }

  async function interleaved(): Promise<void> {
    const client = await lab().client({ version: "4", concurrency: 8 });
    const headers = Array.from({ length: 16 }, () => newTraceHeader());
    const invocations = await Promise.all(
      headers.map(async (traceHeader, index) => {
        await sleep(index * 150);
        const event = globalStream({ headers: { "X-SSE-Session-Id": `tab-${index}` } });
        return client.invoke(event, { traceHeader, remainingMs: END_MS + 2500, concurrent: true });
      }),
    );
    for (const [index, header] of headers.entries()) {
      expectChain(lab().collector.spans, header);
      expectOwnId(invocations[index] as StreamedInvocation, header);
      const own = lab().collector.spans.filter((span) => span.traceId === traceOf(header).traceId);
      expect(named(own, STREAM_SPANS.globalStream)[0]?.attributes["session_id"]).toBe(`tab-${index}`);
    }
  }

  test("C1 C3 D26 SSE-C1 SSE-D1 SSE-D5 CORR-2 20 warm streams under each client, and interleaved ones, keep to their own trace", async () => {
    await Promise.all([twenty("3"), twenty("4"), interleaved()]);
  });

  test("SSE-C1 D26 a trace header of the client's making changes nothing", async () => {
    const client = await lab().client();
    const traceHeader = newTraceHeader();
    const forged = newTraceHeader();
    const headers = {
      "X-Amzn-Trace-Id": forged,
      traceparent: `00-${traceOf(forged).traceId}-0011223344556677-01`,
    };
    await client.invoke(globalStream({ headers }), { traceHeader, remainingMs: END_MS + 300 });
    const ids = new Set(lab().collector.spans.map(({ traceId }) => traceId));
    expect(ids).toContain(traceOf(traceHeader).traceId);
    expect(ids).not.toContain(traceOf(forged).traceId);
  });

  test("SSE-D2 calls to AWS are client spans with the name of service and operation, everything else is internal", () => {
    const { spans } = lab().collector;
    const calls: readonly string[] = [STREAM_SPANS.querySentiment, STREAM_SPANS.putMetric, STREAM_SPANS.call];
    for (const name of calls) expect(named(spans, name).length).toBeGreaterThan(0);
    for (const { name, kind, attributes } of spans) {
      // Polls that changed nothing share a span, which stands for their calls.
      const summary = "poll_count" in attributes && attributes["cache_hit"] === false;
      expect({ name, kind }).toEqual({ name, kind: calls.includes(name) || summary ? CLIENT : INTERNAL });
      if (kind === CLIENT) expect(attributes).toMatchObject({ "rpc.system": "aws-api" });
    }
  });

  test("SSE-B11 SSE-D3 every call to a table is one span, with table and operation", () => {
    const { spans } = lab().collector;
    const told = named(spans, STREAM_SPANS.call).map(({ attributes }) => [
      attributes["rpc.method"],
      ...(attributes["aws.dynamodb.table_names"] as readonly string[]),
    ]);
    expect(told).toContainEqual(["Query", "dev-sentiment-leases"]);
    expect(told).toContainEqual(["PutItem", "dev-sentiment-leases"]);
    expect(told).toContainEqual(["DeleteItem", "dev-sentiment-leases"]);
    expect(told).toContainEqual(["BatchGetItem", "dev-sentiment-timeseries"]);
  });

  test("SSE-D3 a query says table, system and operation, a metric call its own", () => {
    const { spans } = lab().collector;
    for (const { attributes } of named(spans, STREAM_SPANS.querySentiment)) {
      expect(attributes).toMatchObject({
        "db.system": "dynamodb",
        "aws.dynamodb.table_names": ["dev-sentiment-items"],
        "rpc.system": "aws-api",
        "rpc.service": "DynamoDB",
        "rpc.method": "Query",
      });
    }
    for (const { attributes } of named(spans, STREAM_SPANS.putMetric)) {
      expect(attributes).toMatchObject({
        "rpc.system": "aws-api",
        "rpc.service": "CloudWatch",
        "rpc.method": "PutMetricData",
      });
    }
  });
});
