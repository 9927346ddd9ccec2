import type { Environment } from "../../contract/names";
import { functionName } from "../../contract/services";
import type { Logger } from "../runtime/logger";
import type { MetricBatch } from "../runtime/metric-batch";
import type { RoleFinding } from "./drift";
import type { TraceVerdict } from "./judge";
import type { Submission } from "./segments";
import type { VersionFinding } from "./version-skew";

/** Emits what became of the test traces; nothing about losses when the last look failed (CAN-4). */
export function emitTraces(
  metrics: MetricBatch,
  verdict: TraceVerdict,
  { traceIds, unprocessed }: Submission,
  completeness: number | undefined,
): void {
  if (verdict.decided) {
    metrics.emit("trace_data_loss", verdict.lost.length);
    metrics.emit("trace_data_loss_ratio", verdict.lost.length / traceIds.length);
    metrics.emit("canary.trace.partial", verdict.partial.length);
  } else {
    metrics.withhold("trace_data_loss");
    metrics.withhold("canary.trace.partial");
  }
  metrics.emit("UnprocessedTraceSegments", unprocessed.length);
  if (completeness !== undefined) metrics.emit("canary.trace.completeness_ratio", completeness);
}

/** Emits for each function whether its role lacks an action; nothing for those that could not be asked about. */
export function emitDrift(
  metrics: MetricBatch,
  environment: Environment,
  roles: readonly RoleFinding[],
): void {
  metrics.withhold("IAMPolicyDrift");
  for (const role of roles) {
    if (!("missing" in role)) continue;
    const FunctionName = functionName(environment, role.service);
    metrics.emit("IAMPolicyDrift", role.missing.length > 0 ? 1 : 0, { FunctionName });
  }
}

/**
 * Emits how many versions there are beyond the one there should be, and names them in the log. Its alarm waits for a
 * deployment to end, so no alert goes out.
 */
export function emitVersions(metrics: MetricBatch, finding: VersionFinding, logger: Logger): void {
  if ("error" in finding) {
    metrics.withhold("DeploymentVersionSkew");
    return;
  }
  const { versions } = finding;
  metrics.emit("DeploymentVersionSkew", versions.length - 1);
  if (versions.length > 1) logger.warn("several versions are deployed", { versions });
}
