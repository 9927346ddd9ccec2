import { asyncHandler, startRuntime } from "../runtime/handler";
import { countStuckItems } from "./stuck-items";
import { dailyTraceRatio } from "./trace-volume";

const runtime = startRuntime("metrics");

/** What EventBridge sends; `time` is when the schedule was due. */
interface ScheduledEvent {
  readonly time?: unknown;
}

/** True once an hour: the ratio moves slowly, and each look costs a request. */
function isFullHour(event: ScheduledEvent): boolean {
  return typeof event.time === "string" && /T\d\d:00:/.test(event.time);
}

/**
 * Runs every minute: counts stuck items and sends the heartbeat in the same `PutMetricData` (MET-2); at
 * every full hour it also compares the day's traces with the week before (MET-3). Metrics are its whole purpose, so
 * losing them fails it (D6).
 */
export const handler = asyncHandler(
  runtime,
  async (event: ScheduledEvent): Promise<{ readonly stuckItems: number }> => {
    const { metrics, config } = runtime;
    metrics.emit("EmissionHeartbeat", 1);
    let counted = false;
    try {
      const stuckItems = await countStuckItems(config.variables.DATABASE_TABLE, Date.now());
      metrics.emit("StuckItems", stuckItems);
      counted = true;
      const ratio = isFullHour(event) ? await dailyTraceRatio(config.environment, Date.now()) : undefined;
      if (ratio !== undefined) metrics.emit("XRayDailyCostRatio", ratio);
      return { stuckItems };
    } catch (error) {
      metrics.emit("MetricsLambdaErrors", 1);
      if (!counted) metrics.withhold("StuckItems");
      throw error;
    }
  },
  { metricsMustArrive: true },
);
