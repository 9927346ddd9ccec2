import { mkdtempSync, readFileSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { metricsOf } from "../../contract/metrics";
import { bundleStreaming } from "../../modules/streaming-bundle";
import { Checkout } from "../support/checkout";

const ROOT = resolve(__dirname, "..", "..");
const bundle = (root = ROOT) => bundleStreaming(root, mkdtempSync(join(tmpdir(), "tracewright-stream-")));

describe("the streaming function's bundle", () => {
  const first = bundle();
  const code = readFileSync(first.path, "utf8");

  test("SSE-B1 it is one ES module that exports the handler and can require what is CommonJS", () => {
    expect(first.path).toMatch(/\/sse\/index\.mjs$/);
    expect(first.codeBytes).toBe(Buffer.byteLength(code));
    expect(
      code.startsWith('import{createRequire}from"node:module";const require=createRequire(import.meta.url);'),
    ).toBe(true);
    expect(code).toMatch(/export\{[^}]*\bas handler\b[^}]*\}/);
  });

  test("SSE-B11 no X-Ray SDK and no auto-instrumentation is in it", () => {
    expect(code).not.toMatch(/captureAWSv3Client|captureHTTPsGlobal|opentelemetry\/instrumentation-/);
  });

  test("ALM-2 what it emits is what the contract promises of it", () => {
    expect([...first.emissions.metrics].sort()).toEqual([...metricsOf("sse")].sort());
    expect(first.emissions.failurePaths).toEqual([]);
  });

  test("the same sources give the same bytes, whatever their time and place", () => {
    const elsewhere = new Checkout();
    utimesSync(join(elsewhere.directory, "functions/streaming/handler.ts"), 1, 1);
    const second = bundle(elsewhere.directory);
    elsewhere.remove();
    expect(readFileSync(second.path, "utf8")).toBe(code);
  });
});
