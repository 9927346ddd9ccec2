import { type Context, SpanKind } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../contract/spans";
import { MetricBatch, namesIn, putCommand } from "../runtime/metric-batch";
import { writeMetricFallback } from "../runtime/metric-fallback";
import { withSpan } from "../runtime/streaming-tracing/span";
import { cloudWatch } from "./clients";

/** One stream's metrics. */
export class StreamMetrics extends MetricBatch {
  /**
   * Sends everything emitted since the last time, zeros for counters that were not, as one call in one span. Never
   * rejects: what CloudWatch refuses leaves its fallback line, and the stream goes on (SF-3, R-20).
   */
  async send(parent: Context, signal: AbortSignal): Promise<void> {
    const data = this.take();
    const attributes = {
      "rpc.system": "aws-api",
      "rpc.service": "CloudWatch",
      "rpc.method": "PutMetricData",
      metric_count: data.length,
    };
    try {
      await withSpan(STREAM_SPANS.putMetric, { kind: SpanKind.CLIENT, attributes }, parent, () =>
        cloudWatch().send(putCommand(data), { abortSignal: signal }),
      );
    } catch (error) {
      writeMetricFallback(namesIn(data), error);
    }
  }
}
