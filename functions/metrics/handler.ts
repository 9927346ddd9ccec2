import { asyncHandler, startRuntime } from "../runtime/handler";
import { countStuckItems } from "./stuck-items";

const runtime = startRuntime("metrics");

/**
 * Runs every minute: counts stuck items and sends the heartbeat in the same `PutMetricData` (MET-2). Metrics are its
 * whole purpose, so losing them fails it (D6).
 */
export const handler = asyncHandler(
  runtime,
  async (): Promise<{ readonly stuckItems: number }> => {
    const { metrics, config } = runtime;
    metrics.emit("EmissionHeartbeat", 1);
    try {
      const stuckItems = await countStuckItems(config.variables.DATABASE_TABLE, Date.now());
      metrics.emit("StuckItems", stuckItems);
      return { stuckItems };
    } catch (error) {
      metrics.emit("MetricsLambdaErrors", 1);
      metrics.withhold("StuckItems");
      throw error;
    }
  },
  { metricsMustArrive: true },
);
