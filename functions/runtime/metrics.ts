import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { SPANS } from "../../contract/spans";
import { cloudWatch } from "./clients";
import { MetricBatch, namesIn, putCommand } from "./metric-batch";
import { writeMetricFallback } from "./metric-fallback";
import { traced } from "./tracing";

/** Collects a run's metrics and sends them in one call. */
export class Metrics extends MetricBatch {
  /**
   * Sends everything emitted since the last flush, zeros for what was not, as one `PutMetricData` inside the
   * `emit_metrics` subsegment (MET-1).
   *
   * @throws whatever CloudWatch answered, after writing the fallback line (SF-3); the batch is gone then
   */
  async flush(): Promise<void> {
    const data = this.take();
    const send = () => putMetricData(data);
    try {
      await traced(SPANS.emitMetrics, send, { metric_count: data.length });
    } catch (error) {
      writeMetricFallback(namesIn(data), error);
      throw error;
    }
  }
}

/** Sends data in one call; the only place of the traced functions that does. */
export async function putMetricData(data: readonly MetricDatum[]): Promise<void> {
  await cloudWatch().send(putCommand(data));
}
