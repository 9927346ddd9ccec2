import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import { buildSync } from "esbuild";
import { exportErrorCode } from "../../functions/runtime/streaming-tracing/diagnostics";
import { samplerOf } from "../../functions/runtime/streaming-tracing/sampler";
import { BATCH, readSettings } from "../../functions/runtime/streaming-tracing/settings";
import { SPAN_BUDGET, StreamTrace } from "../../functions/runtime/streaming-tracing/stream-trace";
import { ROOT } from "../support/pipeline-lab";

const GOOD = { AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x", OTEL_SERVICE_NAME: "sentiment-analyzer-sse" };

test("SSE-B6 a full queue fits the exporter's 30 concurrent requests", () => {
  expect(BATCH).toEqual({ scheduledDelayMillis: 1000, maxQueueSize: 1500, maxExportBatchSize: 64 });
  expect(Math.ceil(BATCH.maxQueueSize / BATCH.maxExportBatchSize)).toBeLessThanOrEqual(30);
});

test("SSE-B7 an export may take two seconds unless told otherwise, and never as long as a flush", () => {
  expect(readSettings(GOOD)).toMatchObject({ exportTimeoutMs: 2000, endpoint: "http://localhost:4318" });
  for (const value of ["2", "999", "2500", "soon"]) {
    expect(() => readSettings({ ...GOOD, OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: value })).toThrow(/milliseconds/);
  }
});

test.each(["always_on", "always_off", "traceidratio", "xray"])("SSE-B5 the sampler %s is refused", (name) => {
  expect(() => samplerOf({ OTEL_TRACES_SAMPLER: name })).toThrow(/parentbased_always_on/);
});

test("SSE-B5 a ratio is required to be one", () => {
  const sampler = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio" };
  expect(String(samplerOf({ ...sampler, OTEL_TRACES_SAMPLER_ARG: "0.25" }))).toContain("0.25");
  for (const ratio of [undefined, "", "2", "half"]) {
    expect(() => samplerOf({ ...sampler, OTEL_TRACES_SAMPLER_ARG: ratio })).toThrow(
      /OTEL_TRACES_SAMPLER_ARG/,
    );
  }
});

test("SSE-B14 an export's error has a code whatever its kind", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const status = Object.assign(new Error("Internal Server Error"), { code: 500 });
  expect(exportErrorCode(refused)).toBe("ECONNREFUSED");
  expect(exportErrorCode(status)).toBe("HTTP_500");
  expect(exportErrorCode(new Error("Request timed out"))).toBe("ETIMEDOUT");
  expect(exportErrorCode(undefined)).toBe("UNKNOWN");
});

test("a stream's span budget refuses ordinary spans, not essential ones, and the flush refuses all (SSE-E5)", () => {
  const stream = new StreamTrace();
  const admitted = Array.from({ length: SPAN_BUDGET + 10 }, () => stream.admit(false)).filter(Boolean);
  expect(admitted).toHaveLength(SPAN_BUDGET);
  expect(stream.suppressed).toBe(10);
  expect(stream.admit(true)).toBe(true);
  const span = trace.getTracer("test").startSpan("open");
  const end = jest.spyOn(span, "end");
  stream.opened(span);
  stream.seal();
  stream.close(span);
  expect(end).toHaveBeenCalledTimes(1);
  expect(stream.admit(true)).toBe(false);
});

test("SSE-B1 SSE-B11 the bundle holds one copy of each OpenTelemetry package, and no instrumentation", () => {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, "functions/runtime/streaming-tracing/flush.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const folders = Object.keys(metafile.inputs).flatMap(
    (input) => /^(.*node_modules\/@opentelemetry\/[^/]+)\//.exec(input)?.[1] ?? [],
  );
  const copies = [...new Set(folders)];
  expect(copies.length).toBeGreaterThan(5);
  expect(copies.filter((folder) => folder.lastIndexOf("node_modules") > 0)).toEqual([]);
  expect(Object.keys(metafile.inputs).filter((input) => /instrumentation|aws-xray-sdk/.test(input))).toEqual(
    [],
  );
});
