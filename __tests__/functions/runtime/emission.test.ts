import { filterPattern, LOG_EVENTS } from "../../../contract/logs";
import { METRICS, metricsOf } from "../../../contract/metrics";
import type { Metrics } from "../../../functions/runtime/metrics";
import type { AwsGateway as Gateway } from "../../../lab/runtime/aws-gateway";
import { AwsGateway } from "../../../lab/runtime/aws-gateway";
import type { FunctionHost } from "../../../lab/runtime/function-host";
import { XRayDaemon } from "../../../lab/runtime/xray-daemon";
import { matchesPattern } from "../../support/filter-pattern";
import { batches, jsonLines, onlySegment, valuesOf } from "../../support/observed";
import { startProbe } from "../../support/probe";

const PROBE = `
import { startRuntime, asyncHandler } from "./handler";
const runtime = startRuntime("ingestion");
const { metrics, silentFailures } = runtime;
const big = () => Object.assign(new Error("x".repeat(1024 * 1024)), { name: "HugeError" });
const steps = {
  counts() { metrics.emit("NewItemsIngested", 2); metrics.emit("NewItemsIngested", 3); metrics.emit("CollisionRate", 0.1); metrics.emit("CollisionRate", 0.3); },
  vendor() { metrics.emit("VendorApiCalls", 1, { Vendor: "tiingo" }); },
  duplicateDimension() { metrics.emit("VendorApiCalls", 1, { Vendor: "tiingo", Environment: "dev" }); },
  unknownMetric() { metrics.emit("Typo", 1); },
  foreignMetric() { metrics.emit("StuckItems", 1); },
  missingDimension() { metrics.emit("VendorApiCalls", 1); },
  wrongValue() { metrics.emit("VendorApiCalls", 1, { Vendor: "reuters" }); },
  nothing() {},
  fails() { throw big(); },
  guard: () => silentFailures.guard("audit_trail", async () => { throw big(); }, "the fallback"),
  guardWorks: () => silentFailures.guard("audit_trail", async () => "the result", "the fallback"),
  record: () => silentFailures.record("parallel_fetcher_aggregate", big(), { detail: "tiingo" }),
};
export const handler = asyncHandler(runtime, async ({ step }) => steps[step](), { metricsMustArrive: false });
`;

describe("metrics and silent failures", () => {
  let daemon: XRayDaemon;
  let gateway: Gateway;
  let host: FunctionHost;

  beforeAll(async () => {
    daemon = await XRayDaemon.start();
    // Nothing behind it: every answer is given here.
    gateway = await AwsGateway.start("http://127.0.0.1:9");
    host = await startProbe(PROBE, { xrayDaemon: daemon.address, awsEndpoint: gateway.url });
  });

  beforeEach(() => {
    gateway.reset();
    gateway.answerWith(() => "{}");
    daemon.clear();
  });

  afterAll(async () => {
    await host?.stop();
    await gateway?.stop();
    await daemon?.stop();
  });

  test("D5 a dimension the emitter adds itself is refused", async () => {
    const { error } = await host.invoke({ step: "duplicateDimension" });
    expect(error?.message).toMatch(/VendorApiCalls was given the dimension Environment twice.*\(D5\)/);
  });

  test.each([
    ["unknownMetric", /"Typo" is not in contract\/metrics\.ts/],
    ["foreignMetric", /ingestion may not emit StuckItems: its emitters are metrics/],
    ["missingDimension", /given the dimensions \[\], expected \[Vendor\]/],
    ["wrongValue", /Vendor is "reuters", expected one of tiingo, finnhub/],
  ])("%s is refused", async (step, says) => {
    expect((await host.invoke({ step })).error?.message).toMatch(says);
  });

  test("a metric that is not in the contract does not compile", () => {
    const misuse = (metrics: Metrics): void => {
      // @ts-expect-error unknown metric
      metrics.emit("Typo", 1);
      // @ts-expect-error VendorApiCalls is split by vendor
      metrics.emit("VendorApiCalls", 1);
      // @ts-expect-error no such vendor
      metrics.emit("VendorApiCalls", 1, { Vendor: "reuters" });
      // @ts-expect-error Environment comes from the configuration
      metrics.emit("VendorApiCalls", 1, { Vendor: "tiingo", Environment: "dev" });
    };
    // The compiler is the test (npm run typecheck); at run time the name must at least be missing.
    expect(misuse).toBeInstanceOf(Function);
    expect(Object.keys(METRICS)).not.toContain("Typo");
  });

  test("a run makes one PutMetricData: counts added up, ratios replaced, zeros for the rest", async () => {
    await host.invoke({ step: "counts" });
    expect(batches(gateway.calls)).toHaveLength(1);
    expect(valuesOf(gateway.calls, "NewItemsIngested")).toEqual([5]);
    expect(valuesOf(gateway.calls, "CollisionRate")).toEqual([0.3]);
    for (const Vendor of ["tiingo", "finnhub"]) {
      expect(valuesOf(gateway.calls, "VendorApiErrors", { Environment: "dev", Vendor })).toEqual([0]);
    }
  });

  test("a quiet run writes a zero in every counter the service owns", async () => {
    await host.invoke({ step: "nothing" });
    const written = new Set(batches(gateway.calls).flatMap((batch) => batch.map(({ name }) => name)));
    const owned = metricsOf("ingestion").filter((name) => METRICS[name].zeroFilled);
    expect([...written].sort()).toEqual([...owned].sort());
    expect(batches(gateway.calls).flatMap((batch) => batch.filter(({ value }) => value !== 0))).toEqual([]);
  });

  test("a batch does not leak into the next invocation", async () => {
    await host.invoke({ step: "vendor" });
    gateway.reset();
    gateway.answerWith(() => "{}");
    await host.invoke({ step: "nothing" });
    expect(valuesOf(gateway.calls, "VendorApiCalls", { Environment: "dev", Vendor: "tiingo" })).toEqual([0]);
  });

  test("D6 a failed run still sends its batch, and rethrows", async () => {
    const { error } = await host.invoke({ step: "fails" });
    expect(error?.name).toBe("HugeError");
    expect(batches(gateway.calls)).toHaveLength(1);
  });

  test("SF-3 a refused batch leaves a line without a path, and the run succeeds", async () => {
    gateway.failWhen(() => ({ status: 400, code: "AccessDenied", message: "m".repeat(5000) }));
    const { error, lines } = await host.invoke({ step: "nothing" });
    expect(error).toBeUndefined();
    const pattern = filterPattern(LOG_EVENTS.metricFallback);
    const [line] = jsonLines(lines.filter((text) => matchesPattern(pattern, text)));
    expect(line).toMatchObject({ metric_fallback: true, exception_type: "AccessDenied" });
    expect(line).not.toHaveProperty("failure_path");
    expect(String(line?.["exception_message"])).toHaveLength(256);
  });

  test("SF-6 guard gives the fallback although CloudWatch refuses", async () => {
    gateway.failWhen(() => ({ status: 400, code: "AccessDenied", message: "no" }));
    const { result, error } = await host.invoke({ step: "guard" });
    expect({ result, error }).toEqual({ result: "the fallback", error: undefined });
  });

  test("SF-6 record returns although CloudWatch cannot be reached", async () => {
    gateway.failWhen(() => "hang");
    const { error, lines } = await host.invoke({ step: "record" });
    expect(error).toBeUndefined();
    expect(lines.join("\n")).toContain('"failure_path":"parallel_fetcher_aggregate"');
  });

  test("SF-1 guard lets a result through and reports nothing", async () => {
    const { result } = await host.invoke({ step: "guardWorks" });
    expect(result).toBe("the result");
    expect(valuesOf(gateway.calls, "SilentFailure/Count", { FailurePath: "audit_trail" })).toEqual([0]);
    expect(onlySegment(await daemon.settled(), "audit_trail_persist").fault).toBeUndefined();
  });

  test("SF-1 record keeps which step failed", async () => {
    await host.invoke({ step: "record" });
    expect(onlySegment(await daemon.settled(), "parallel_fetch_aggregate")).toMatchObject({
      annotations: { failure_detail: "tiingo" },
      fault: true,
    });
  });

  test.each(["fails", "guard", "record"])(
    "DAT-1 a megabyte of error in %s stays small everywhere",
    async (step) => {
      const { error, lines } = await host.invoke({ step });
      await daemon.settled();
      expect(Math.max(...daemon.sizes)).toBeLessThan(64 * 1024);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(16 * 1024);
      expect((error?.message ?? "").length).toBeLessThanOrEqual(2048);
    },
  );

  test("DAT-1 a megabyte of error from AWS stays small in the client's own subsegment", async () => {
    gateway.failWhen(() => ({ status: 400, code: "AccessDenied", message: "m".repeat(1024 * 1024) }));
    await host.invoke({ step: "nothing" });
    expect(onlySegment(await daemon.settled(), "CloudWatch").cause?.exceptions[0]?.message).toHaveLength(
      2048,
    );
  });
});
