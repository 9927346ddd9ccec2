import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CommonConfig } from "../runtime/config";
import type { Logger } from "../runtime/logger";
import { MetricBatch, putCommand } from "../runtime/metric-batch";

/**
 * Writes the heartbeat to the backup region, whose alarm takes silence for a failure (CAN-8). Never throws: nothing
 * depends on whether it arrived.
 *
 * @param backupCloudWatch CloudWatch in the backup region
 * @param now milliseconds since 1970
 */
export async function beat(
  backupCloudWatch: CloudWatchClient,
  config: CommonConfig,
  now: number,
  logger: Logger,
): Promise<void> {
  const batch = new MetricBatch(config);
  batch.emit("CanaryHeartbeat", 1);
  try {
    await backupCloudWatch.send(putCommand(batch.takeEmitted(), new Date(now)));
  } catch (error) {
    logger.warn("heartbeat not written", { canary_heartbeat_failed: true }, error);
  }
}
