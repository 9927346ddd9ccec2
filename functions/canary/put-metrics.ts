import type { CloudWatchClient, MetricDatum } from "@aws-sdk/client-cloudwatch";
import { namesIn, putCommand } from "../runtime/metric-batch";
import { writeMetricFallback } from "../runtime/metric-fallback";
import type { Clock } from "./clock";
import { isPassing } from "./errors";

/** Milliseconds before each retry of what may pass. */
const BACKOFF_MS = [250, 500, 1000] as const;

/**
 * Sends metrics in one call. A refusal is not retried, because it will be one again; a throttle or an outage is, three
 * times at most (CAN-6). Never throws; what is lost leaves its fallback line (SF-3).
 *
 * @param client must not retry by itself
 * @returns the error when the metrics did not arrive
 */
export async function putMetrics(
  client: CloudWatchClient,
  data: readonly MetricDatum[],
  clock: Clock,
): Promise<unknown> {
  const command = putCommand(data, new Date(clock.now()));
  for (let attempt = 0; ; attempt++) {
    try {
      await client.send(command);
      return undefined;
    } catch (error) {
      const pause = isPassing(error) ? BACKOFF_MS[attempt] : undefined;
      if (pause === undefined) {
        writeMetricFallback(namesIn(data), error);
        return error;
      }
      await clock.sleep(pause);
    }
  }
}
