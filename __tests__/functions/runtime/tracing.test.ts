import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TRACE_LIMITS } from "../../../contract/spans";
import type { FunctionHost } from "../../../lab/runtime/function-host";
import { XRayDaemon } from "../../../lab/runtime/xray-daemon";
import { ancestors, onlySegment } from "../../support/observed";
import { ROOT } from "../../support/pipeline-lab";
import { startProbe } from "../../support/probe";

const PROBE = `
import { annotate, annotateInvocation, traced, traceId } from "./tracing";
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const steps = {
  fails: () => traced("store_articles", async () => { await later(1); throw new RangeError("too far"); }),
  failsAtOnce: () => traced("store_articles", () => { throw new RangeError("too far"); }),
  succeeds: () => traced("score_text", async () => ({ secret: "the response" }), { vendor: "tiingo" }),
  generator: () => traced("score_text", async function* () { yield 1; }),
  syncGenerator: () => traced("score_text", function* () { yield 1; }),
  generatorInside: () => traced("score_text", () => (async function* () { yield 1; })()),
  parallel: () => traced("handle_event", () => Promise.all(["fetch_tiingo", "fetch_finnhub", "store_articles"].map(
    (name, index) => traced(name, async () => {
      await later(10 - index * 3);
      await traced("score_text", () => { annotate("vendor", name); return later(3); });
    })))),
  huge: () => traced("store_articles", () => {
    const error = new Error("x".repeat(1024 * 1024));
    error.name = "N".repeat(1024 * 1024);
    error.stack = Array.from({ length: 20_000 }, (_, i) => "    at f" + i + " (/var/task/index.js:1:" + i + ")").join("\\n");
    throw error;
  }),
  notAnError: () => traced("store_articles", () => { throw Object.create(null); }),
  longAnnotation: () => traced("score_text", () => annotate("source_id", "y".repeat(1024 * 1024))),
  trace: () => traceId(),
  invocation: () => traced("handle_event", annotateInvocation),
};
export const handler = async ({ step }) => (await steps[step]()) ?? null;
`;

describe("tracing", () => {
  let daemon: XRayDaemon;
  let host: FunctionHost;

  beforeAll(async () => {
    daemon = await XRayDaemon.start();
    host = await startProbe(PROBE, { xrayDaemon: daemon.address });
  });

  beforeEach(() => daemon.clear());

  afterAll(async () => {
    await host?.stop();
    await daemon?.stop();
  });

  test.each(["fails", "failsAtOnce"])("TRC-1 work that %s: fault, cause, rethrown", async (step) => {
    const { error } = await host.invoke({ step });
    expect(error).toMatchObject({ name: "RangeError", message: "too far" });
    expect(onlySegment(await daemon.settled(), "store_articles")).toMatchObject({
      fault: true,
      cause: { exceptions: [{ type: "RangeError", message: "too far" }] },
      end_time: expect.any(Number),
    });
  });

  test("TRC-1 work that succeeds is recorded without a fault, with its annotations", async () => {
    await host.invoke({ step: "succeeds" });
    const document = onlySegment(await daemon.settled(), "score_text");
    expect(document.fault).toBeUndefined();
    expect(document.annotations).toEqual({ vendor: "tiingo" });
  });

  test("TRC-5 the return value is not recorded", async () => {
    await host.invoke({ step: "succeeds" });
    expect(JSON.stringify(await daemon.settled())).not.toContain("the response");
  });

  test.each(["generator", "syncGenerator", "generatorInside"])("TRC-3 a %s is refused", async (step) => {
    const { error } = await host.invoke({ step });
    expect(error?.name).toBe("TypeError");
    expect(error?.message).toMatch(/^traced\("score_text"\) was given a generator.*Trace the work inside/);
  });

  test("TRC-4 work in parallel keeps its own parent, and none survives into the next invocation", async () => {
    await host.invoke({ step: "parallel" });
    const documents = await daemon.settled();
    const scored = documents.filter(({ name }) => name === "score_text");
    expect(scored.map((document) => ancestors(document, documents))).toEqual(
      scored.map(({ annotations }) => [annotations?.["vendor"], "handle_event"]),
    );
    expect(scored).toHaveLength(3);
    daemon.clear();
    const Root = "1-6561a2b3-0123456789abcdef01234567";
    await host.invoke(
      { step: "succeeds" },
      { traceHeader: `Root=${Root};Parent=53995c3f42cd8ad8;Sampled=1` },
    );
    expect(onlySegment(await daemon.settled(), "score_text")).toMatchObject({
      trace_id: Root,
      parent_id: "53995c3f42cd8ad8",
    });
  });

  test.each(["huge", "notAnError", "longAnnotation"])(
    "DAT-1 %s: a megabyte of it still fits",
    async (step) => {
      const { error } = await host.invoke({ step });
      const documents = await daemon.settled();
      expect(documents).toHaveLength(1);
      expect(Math.max(...daemon.sizes)).toBeLessThan(TRACE_LIMITS.documentBytes / 2);
      for (const { message, stack } of documents[0]?.cause?.exceptions ?? []) {
        expect(message.length).toBeLessThanOrEqual(TRACE_LIMITS.messageLength);
        expect(stack.length).toBeLessThanOrEqual(TRACE_LIMITS.stackFrames);
      }
      expect((error?.message ?? "").length).toBeLessThanOrEqual(TRACE_LIMITS.messageLength);
    },
  );

  test("CORR-1 the trace id is bare, and absent without a trace", async () => {
    const traceHeader = "Root=1-6561a2b3-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=1";
    expect((await host.invoke({ step: "trace" }, { traceHeader })).result).toBe(
      "1-6561a2b3-0123456789abcdef01234567",
    );
    expect((await host.invoke({ step: "trace" }, { traceHeader: null })).result).toBeNull();
    expect((await host.invoke({ step: "trace" }, { traceHeader: "Root=nonsense" })).result).toBeNull();
  });

  test("TRC-7 work still runs when the invocation has no trace", async () => {
    const { result, error } = await host.invoke({ step: "succeeds" }, { traceHeader: null });
    expect(error).toBeUndefined();
    expect(result).toEqual({ secret: "the response" });
    expect(await daemon.settled()).toEqual([]);
  });

  test("TRC-6 the service name is an annotation", async () => {
    await host.invoke({ step: "invocation" });
    expect(onlySegment(await daemon.settled(), "handle_event").annotations).toMatchObject({
      Service: "sentiment-analyzer-ingestion",
    });
  });

  test("TRC-7 without AWS_EXECUTION_ENV the function does not start", async () => {
    const start = startProbe(PROBE, { xrayDaemon: daemon.address, without: ["AWS_EXECUTION_ENV"] });
    await expect(start.then((started) => started.stop())).rejects.toThrow(
      /Tracing cannot start: AWS_EXECUTION_ENV is not set/,
    );
  });
});

describe("the tracing seam", () => {
  const files = readdirSync(join(ROOT, "functions"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ name, source: readFileSync(join(ROOT, "functions", name), "utf8") }));
  const having = (pattern: RegExp) =>
    files.filter(({ source }) => pattern.test(source)).map(({ name }) => name);

  test("TRC-1 one file imports a tracer", () => {
    expect(having(/powertools\/tracer|aws-xray-sdk/)).toEqual(["runtime/tracing.ts"]);
  });

  test("TRC-2 SSE-B11 one file constructs captured AWS clients; stream and canary have their own", () => {
    expect(having(/new \w+Client\(/).sort()).toEqual([
      "canary/clients.ts",
      "runtime/clients.ts",
      "streaming/clients.ts",
    ]);
  });

  test("TRC-4 nothing enables manual mode or sets a segment by hand", () => {
    expect(having(/enableManualMode\(|\.setSegment\(|createNamespace\(/)).toEqual([]);
  });
});
