import { SERVICE_KEYS } from "../../../contract/services";
import { MetricBatch } from "../../../functions/runtime/metric-batch";

const config = {
  service: "canary",
  environment: "dev",
  functionName: "dev-sentiment-canary",
  variables: { ENVIRONMENT: "dev", POWERTOOLS_SERVICE_NAME: "canary", DEPLOYMENT_VERSION: "1" },
} as const;

type Datum = ReturnType<MetricBatch["take"]>[number];

function dimensionsOf(data: readonly Datum[], name: string): readonly Record<string, string | undefined>[] {
  return data
    .filter((datum) => datum.MetricName === name)
    .map(({ Dimensions }) => Object.fromEntries((Dimensions ?? []).map(({ Name, Value }) => [Name, Value])));
}

describe("what the canary emits", () => {
  test("CAN-4 its figures carry environment and component, filled in by the emitter", () => {
    const batch = new MetricBatch(config);
    batch.emit("trace_data_loss_ratio", 0.2);
    const data = batch.take();
    expect(dimensionsOf(data, "trace_data_loss_ratio")).toEqual([
      { Environment: "dev", Component: "Canary" },
    ]);
    expect(dimensionsOf(data, "UnprocessedTraceSegments")).toEqual([
      { Environment: "dev", Component: "Canary" },
    ]);
  });

  test("R-04 what proves its life has no zeros: a run that could not tell says nothing", () => {
    const names = new MetricBatch(config).take().map((datum) => datum.MetricName);
    for (const proof of [
      "CanaryHealth",
      "canary.trace.completeness_ratio",
      "CanaryHeartbeat",
      "CanaryMarker",
    ]) {
      expect(names).not.toContain(proof);
    }
  });

  test("IAM-4 drift speaks of other functions: zeros for all seven, and the one that drifted by name", () => {
    const batch = new MetricBatch(config);
    batch.emit("IAMPolicyDrift", 1, { FunctionName: "dev-sentiment-sse" });
    const data = batch.take();
    expect(dimensionsOf(data, "IAMPolicyDrift")).toEqual(
      SERVICE_KEYS.map((service) => ({ Environment: "dev", FunctionName: `dev-sentiment-${service}` })),
    );
    const drifted = data.filter((datum) => datum.MetricName === "IAMPolicyDrift" && datum.Value === 1);
    expect(dimensionsOf(drifted, "IAMPolicyDrift")).toMatchObject([{ FunctionName: "dev-sentiment-sse" }]);
  });

  test("IAM-4 a function of another environment, or none, is refused", () => {
    const batch = new MetricBatch(config);
    expect(() => batch.emit("IAMPolicyDrift", 1, { FunctionName: "prod-sentiment-sse" })).toThrow(
      /FunctionName is "prod-sentiment-sse", expected one of dev-sentiment-ingestion, /,
    );
    // @ts-expect-error it speaks of some function
    expect(() => batch.emit("IAMPolicyDrift", 1)).toThrow(
      /given the dimensions \[\], expected \[FunctionName\]/,
    );
  });
});
