import { asyncHandler, startRuntime } from "../runtime/handler";

const runtime = startRuntime("canary");

/** Runs every five minutes. */
export const handler = asyncHandler(
  runtime,
  async (): Promise<void> => {
    const { metrics } = runtime;
    metrics.emit("CanaryHealth", 0);
  },
  { metricsMustArrive: false },
);
