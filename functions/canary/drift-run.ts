import { SPANS } from "../../contract/spans";
import { MetricBatch } from "../runtime/metric-batch";
import { tell } from "./alert";
import { driftTroubles, metricTroubles } from "./diagnosis";
import { emitDrift } from "./figures";
import { inspectRoles } from "./observe";
import type { CanaryParts, CanaryReport } from "./parts";
import { putMetrics } from "./put-metrics";
import { newRun } from "./segments";

/** Whether an event says that a role or a policy was changed. */
export function isPermissionEvent(event: unknown): boolean {
  return typeof event === "object" && event !== null && "source" in event && event.source === "aws.iam";
}

/**
 * Looks at the permissions only, right after somebody changed some (IAM-4). The scheduled run looks too, but up to five
 * minutes later. Says nothing about anything else: a zero would be a claim about what was not looked at.
 *
 * @param traced whether the tracer runs
 */
export async function runDriftCheck(parts: CanaryParts, traced: boolean): Promise<CanaryReport> {
  const { clients, clock, config, tracer } = parts;
  const { id } = newRun(clock.now());
  const roles = await inspectRoles(parts);
  const metrics = new MetricBatch(config);
  emitDrift(metrics, config.environment, roles);
  if (!traced) metrics.emit("CanaryInitFailure", 1);
  const data = metrics.takeEmitted();
  const refused =
    data.length === 0
      ? undefined
      : await tracer.traced(SPANS.emitMetrics, () => putMetrics(clients.cloudWatch, data, clock));
  const troubles = [...driftTroubles(roles), ...metricTroubles(refused)].filter(({ atOnce }) => atOnce);
  const alerted = await tell(parts, { runId: id, troubles, traceIds: [] });
  const status = troubles.length === 0 ? "healthy" : "failed";
  return { run: id, status, troubles: troubles.map(({ kind }) => kind), alerted };
}
