import type { Environment } from "../names";
import { SERVICE_KEYS } from "../services";
import { type AlarmDefinition, above, from } from "./definition";
import { canarySeries, permissionDriftSeries } from "./series";

/**
 * How many functions lost a permission, whatever is known of the others; no datapoint where nobody is known to have lost
 * one and somebody is not known of. Filled throughout, so that it does not matter how CloudWatch adds what is missing.
 */
function lostPermissions(): string {
  const functions = (unknown: number) => `FILL([${SERVICE_KEYS.join(", ")}], ${unknown})`;
  const lost = `SUM(${functions(0)})`;
  return `IF(${lost} > 0 OR MIN(${functions(-1)}) >= 0, ${lost})`;
}

/** Permissions of every traced function in one alarm: whose it is stands in the canary's log and alert. */
function permissionDrift(environment: Environment): AlarmDefinition {
  return {
    id: "permission-drift",
    tiers: from("standard"),
    severity: "critical",
    signal: {
      kind: "math",
      expression: lostPermissions(),
      label: "functions that lost an X-Ray permission",
      series: Object.fromEntries(
        SERVICE_KEYS.map((service) => [service, permissionDriftSeries(environment, service)]),
      ),
    },
    condition: above(0, 300, 1),
    meaning: "A function's role lacks one of the five X-Ray actions: its traces are dropped in silence.",
    firstStep: "Read the missing actions in the canary's log, then who changed the role in CloudTrail.",
    runbook: "permission-drift",
    requirement: "FR-168",
  };
}

/**
 * Mixed versions are normal while a deployment runs. The canary looks every five minutes, so two looks in a row are the
 * five minutes of patience R-41 asks for (ADR 0026).
 */
function versionSkew(environment: Environment): AlarmDefinition {
  return {
    id: "deployment-version-skew",
    tiers: from("standard"),
    severity: "critical",
    signal: { kind: "metric", series: canarySeries(environment, "DeploymentVersionSkew", "Maximum") },
    condition: above(0, 300, 2),
    meaning: "Functions of different versions have run side by side for more than five minutes.",
    firstStep: "Compare the deploy-sha tags of the functions; finish the deployment or roll it back.",
    runbook: "version-skew",
    requirement: "FR-182",
  };
}

/** Alarms on what is deployed, told by the canary. */
export function deploymentAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [permissionDrift(environment), versionSkew(environment)];
}
