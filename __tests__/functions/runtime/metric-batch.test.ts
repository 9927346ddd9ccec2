import { SERVICE_VARIABLES } from "../../../contract/environment-variables";
import { RELIABILITY_NAMESPACE } from "../../../contract/metrics";
import { SERVICES } from "../../../contract/services";
import { loadConfig } from "../../../functions/runtime/config";
import { MetricBatch, putCommand } from "../../../functions/runtime/metric-batch";

function batch(): MetricBatch {
  const variables = SERVICE_VARIABLES.sse.map((name) => [name, name.endsWith("_ARN") ? "arn:aws:x" : "1"]);
  return new MetricBatch(
    loadConfig("sse", {
      ...Object.fromEntries(variables),
      ENVIRONMENT: "dev",
      POWERTOOLS_SERVICE_NAME: SERVICES.sse.serviceName,
      DEPLOYMENT_VERSION: "test",
    }),
  );
}

const Dimensions = [{ Name: "Environment", Value: "dev" }];

function zero(MetricName: string) {
  return { MetricName, Unit: "Count", Value: 0, Dimensions };
}

test("counters that were not emitted are zero, durations are absent", () => {
  expect(batch().take()).toEqual([zero("ConnectionAcquireFailures"), zero("StreamPollFailures")]);
});

test("counts add up, durations keep every value with how often it came", () => {
  const metrics = batch();
  metrics.emit("ConnectionAcquireFailures", 1);
  metrics.emit("ConnectionAcquireFailures", 2);
  for (const value of [10.4, 10.2, 70]) metrics.emit("EventLatencyMs", value);
  metrics.emit("PollDurationMs", 7);
  const datum = { Unit: "Milliseconds", Dimensions };
  expect(metrics.take()).toEqual([
    { ...zero("ConnectionAcquireFailures"), Value: 3 },
    zero("StreamPollFailures"),
    { ...datum, MetricName: "EventLatencyMs", Values: [10, 70], Counts: [2, 1] },
    { ...datum, MetricName: "PollDurationMs", Value: 7 },
  ]);
  expect(metrics.take()).toEqual([zero("ConnectionAcquireFailures"), zero("StreamPollFailures")]);
});

test("a datum holds no more values than CloudWatch takes", () => {
  const metrics = batch();
  for (let value = 0; value < 400; value += 1) metrics.emit("EventLatencyMs", value);
  const latencies = metrics.take().filter(({ MetricName }) => MetricName === "EventLatencyMs");
  expect(latencies.map(({ Values }) => Values?.length)).toEqual([150, 150, 100]);
  expect(new Set(latencies.flatMap(({ Values }) => Values)).size).toBe(400);
});

test("a call has one namespace and one instant", () => {
  const { Namespace, MetricData } = putCommand(batch().take()).input;
  expect(Namespace).toBe(RELIABILITY_NAMESPACE);
  expect(new Set(MetricData?.map(({ Timestamp }) => Timestamp)).size).toBe(1);
});
