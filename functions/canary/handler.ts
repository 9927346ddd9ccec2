import type { Context } from "aws-lambda";
import { SPANS } from "../../contract/spans";
import { loadConfig } from "../runtime/config";
import { Logger } from "../runtime/logger";
import { canaryClients } from "./clients";
import { SYSTEM_CLOCK } from "./clock";
import { isPermissionEvent, runDriftCheck } from "./drift-run";
import { GuardedTracer } from "./guarded-tracer";
import { backupOf } from "./owner";
import type { CanaryParts, CanaryReport } from "./parts";
import { runCanary } from "./run";
import { StateStore } from "./state";

const config = loadConfig("canary");
const backup = backupOf(config.variables.ALERT_TOPIC_ARN);
const clients = canaryClients(backup.region);
const tracer = new GuardedTracer(Object.values(clients));
const parts: CanaryParts = {
  config,
  region: process.env["AWS_REGION"] ?? "unknown",
  backup,
  clients,
  tracer,
  state: new StateStore(clients.ssm, config.variables.STATE_PARAMETER),
  clock: SYSTEM_CLOCK,
  logger: new Logger(config, () => tracer.traceId()),
};

/**
 * Runs every five minutes, and for each change of permissions CloudTrail tells of. Ends normally whatever it finds, and
 * even when it breaks: its metrics are then missing, which its alarms take for a failure.
 */
export async function handler(event: unknown, context: Context): Promise<CanaryReport | undefined> {
  const { logger } = parts;
  const traced = await tracer.start(logger);
  try {
    return await tracer.traced(SPANS.handler, async () => {
      tracer.annotateInvocation();
      tracer.annotate("synthetic", true);
      logger.info("started", { request_id: context.awsRequestId });
      const report = isPermissionEvent(event)
        ? await runDriftCheck(parts, traced)
        : await runCanary(parts, traced, () => context.getRemainingTimeInMillis());
      logger.info("finished", { ...report });
      return report;
    });
  } catch (error) {
    logger.error("the canary broke", {}, error);
    return undefined;
  }
}
