import { COLLECTOR_VARIABLE } from "../../contract/environment-variables";
import { newTraceHeader } from "../../lab/runtime/function-host";
import { OtlpReceiver } from "../../lab/runtime/otlp-receiver";
import type { ReceivedSpan } from "../../lab/runtime/otlp-traces";
import type { RuntimeClient } from "../../lab/runtime/runtime-client";
import { describeWith } from "../support/tools";
import { SERVICE, startProbe } from "./probe/lab";

function partsOf(header: string): {
  readonly root: string;
  readonly parent: string;
  readonly traceId: string;
} {
  const [, root = "", parent = ""] = /Root=([^;]+);Parent=([^;]+)/.exec(header) ?? [];
  return { root, parent, traceId: root.replace(/^1-|-/g, "") };
}

/** Every span hangs below the parent of its own trace header: stream, then poll, then dispatch. */
function expectChain(spans: readonly ReceivedSpan[], header: string, events: number): void {
  const { parent, traceId } = partsOf(header);
  const own = spans.filter((span) => span.traceId === traceId);
  const ids = (name: string) => own.filter((span) => span.name === name).map(({ spanId }) => spanId);
  const parents = (name: string) => own.filter((span) => span.name === name).map((span) => span.parentSpanId);
  expect(parents("sse_global_stream")).toEqual([parent]);
  expect(new Set(parents("dynamodb_poll"))).toEqual(new Set(ids("sse_global_stream")));
  expect([...parents("sse_event_dispatch")].sort()).toEqual([...ids("dynamodb_poll")].sort());
  expect(ids("sse_event_dispatch")).toHaveLength(events);
  expect(parents("force_flush")).toEqual(ids("sse_global_stream"));
}

describeWith(["runtimeClient"], "The trace of an invocation, under AWS's own runtime client", () => {
  let collector: OtlpReceiver;
  beforeAll(async () => {
    collector = await OtlpReceiver.start();
  });
  afterAll(() => collector.stop());
  beforeEach(() => collector.reset());

  test.each(["3", "4"] as const)(
    "C1 SSE-C1 SSE-D1 20 warm invocations each keep to their own trace header (client %s)",
    async (version) => {
      const client = await startProbe(collector, { version });
      try {
        const headers = Array.from({ length: 20 }, (_, index) =>
          index % 4 === 3 ? newTraceHeader().replace("Sampled=1", "Sampled=0") : newTraceHeader(),
        );
        for (const traceHeader of headers) {
          const before = collector.spans.length;
          const invocation = await client.invoke({ events: 3, rate: 1000 }, { traceHeader });
          expect(invocation.end).toBe("streamed");
          const { root, traceId } = partsOf(traceHeader);
          const fresh = collector.spans.slice(before);
          if (traceHeader.endsWith("Sampled=0")) {
            expect(fresh).toEqual([]);
          } else {
            expect(new Set(fresh.map((span) => span.traceId))).toEqual(new Set([traceId]));
            expectChain(fresh, traceHeader, 3);
          }
          const ids = invocation.events
            .filter(({ fields }) => fields["event"] === "metrics")
            .map(({ fields }) => (JSON.parse(fields["data"] ?? "") as { trace_id: string }).trace_id);
          expect(ids).toEqual([root, root, root]);
        }
      } finally {
        await client.stop();
      }
    },
  );

  test("C1 SSE-C1 streams interleaved in one process never cross, where the client serves several at once", async () => {
    const client = await startProbe(collector, { version: "4", concurrency: 4 });
    try {
      const headers = Array.from({ length: 8 }, () => newTraceHeader());
      await Promise.all(
        headers.map((traceHeader, index) =>
          client.invoke({ events: 10, rate: 50, label: String(index) }, { traceHeader, concurrent: true }),
        ),
      );
      for (const [index, header] of headers.entries()) {
        expectChain(collector.spans, header, 10);
        const own = collector.spans.filter(({ traceId }) => traceId === partsOf(header).traceId);
        const labels = own.flatMap(({ attributes }) =>
          "session_id" in attributes ? [attributes["session_id"]] : [],
        );
        expect(new Set(labels)).toEqual(new Set([String(index)]));
      }
    } finally {
      await client.stop();
    }
  });

  test("SSE-B2 without a trace header the root is dated now", async () => {
    const client = await startProbe(collector);
    try {
      await client.invoke({ events: 1 }, { traceHeader: null });
    } finally {
      await client.stop();
    }
    const [first] = collector.spans;
    expect(
      Math.abs(Number.parseInt((first?.traceId ?? "").slice(0, 8), 16) - Date.now() / 1000),
    ).toBeLessThan(30);
  });

  test("SSE-B3 SSE-B10 spans arrive as OTLP protobuf with the service's name and Lambda's attributes", async () => {
    const client = await startProbe(collector);
    try {
      await client.invoke({ events: 1 });
    } finally {
      await client.stop();
    }
    expect(collector.exports[0]).toMatchObject({ path: "/v1/traces", contentType: "application/x-protobuf" });
    expect(collector.spans[0]?.resource).toMatchObject({
      "service.name": SERVICE,
      "faas.name": "dev-sentiment-sse",
      "cloud.platform": "aws_lambda",
      "telemetry.sdk.language": "nodejs",
    });
  });

  test.each([
    ["SSE-B13 the kill switch", { OTEL_SDK_DISABLED: "true" }],
    ["SSE-A7 an image without collector", { OTEL_SDK_DISABLED: "false", [COLLECTOR_VARIABLE]: "absent" }],
  ])("%s yields no spans and no network, and the function works as before", async (_what, variables) => {
    const client = await startProbe(collector, { variables });
    try {
      const traceHeader = newTraceHeader();
      const invocation = await client.invoke({ events: 2 }, { traceHeader });
      expect(invocation.end).toBe("streamed");
      expect(invocation.events.map(({ fields }) => fields["data"]).join()).toContain(
        partsOf(traceHeader).root,
      );
    } finally {
      await client.stop();
    }
    expect(collector.connections).toBe(0);
  });

  test.each([
    ["SSE-B5", { OTEL_TRACES_SAMPLER: "always_on" }, "OTEL_TRACES_SAMPLER is always_on", "sampler"],
    ["SSE-B10", { OTEL_SERVICE_NAME: "" }, "OTEL_SERVICE_NAME is not set", "settings"],
    ["SSE-B4", { OTEL_PROPAGATORS: "xray" }, "OTEL_PROPAGATORS is set", "settings"],
    [
      "SSE-B7",
      { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "2" },
      "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is 2",
      "settings",
    ],
  ])(
    "%s SSE-B12 a wrong setting ends the start with its component and reason",
    async (_id, variables, reason, part) => {
      const started = startProbe(collector, { variables: variables as Record<string, string> });
      const message = await started.then(
        (client: RuntimeClient) => client.stop().then(() => "it started"),
        (error: unknown) => String(error),
      );
      expect(message).toContain(reason);
      expect(message).toContain(`"component":"${part}"`);
    },
  );
});
