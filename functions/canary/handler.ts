import type { Context } from "aws-lambda";
import { loadConfig } from "../runtime/config";
import { Logger } from "../runtime/logger";
import { canaryClients } from "./clients";
import { SYSTEM_CLOCK } from "./clock";
import { GuardedTracer } from "./guarded-tracer";
import { Invocations } from "./invocations";
import { backupOf } from "./owner";
import type { CanaryReport } from "./parts";
import { StateStore } from "./state";

const config = loadConfig("canary");
const backup = backupOf(config.variables.ALERT_TOPIC_ARN);
const clients = canaryClients(backup.region);
const tracer = new GuardedTracer(Object.values(clients));
const invocations = new Invocations({
  config,
  region: process.env["AWS_REGION"] ?? "unknown",
  backup,
  clients,
  tracer,
  state: new StateStore(clients.ssm, config.variables.STATE_PARAMETER),
  clock: SYSTEM_CLOCK,
  logger: new Logger(config, () => tracer.traceId()),
});

/**
 * Runs every five minutes, and for each change of permissions CloudTrail tells of. Ends normally whatever it finds, and
 * even when it breaks: that is told, and its missing metrics are what its alarms take for a failure.
 */
export async function handler(event: unknown, context: Context): Promise<CanaryReport | undefined> {
  return invocations.run(event, context);
}
