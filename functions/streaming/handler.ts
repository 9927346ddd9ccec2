import type { MetricName } from "../../contract/metrics";

/** Placeholder until the stream is merged: it names the metrics the stream emits, so that the chain closes. */
export async function handler(metrics: { emit(name: MetricName, value: number): void }): Promise<never> {
  metrics.emit("ConnectionAcquireFailures", 1);
  metrics.emit("StreamPollFailures", 1);
  metrics.emit("ConnectionSetupMs", 1);
  metrics.emit("EventLatencyMs", 1);
  metrics.emit("PollDurationMs", 1);
  throw new Error("The stream is not built yet.");
}
