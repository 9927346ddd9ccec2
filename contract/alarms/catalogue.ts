import type { Environment } from "../names";
import { apiAlarms } from "./api";
import { canaryAlarms } from "./canary";
import { collectorAlarms } from "./collector";
import { criticalAlarm } from "./composites";
import type { AlarmDefinition, Tier } from "./definition";
import { deploymentAlarms } from "./deployment";
import { functionAlarms } from "./functions";
import { logAlarms } from "./logs";
import { mailAlarms } from "./mail";
import { pipelineAlarms } from "./pipeline";
import { silentFailureAlarms } from "./silent-failures";
import { streamingAlarms } from "./streaming";
import { tracingAlarms } from "./tracing";
import { newsVendorAlarms } from "./vendors";

function withoutComposite(environment: Environment): readonly AlarmDefinition[] {
  return [
    ...pipelineAlarms(environment),
    ...silentFailureAlarms(environment),
    ...functionAlarms(environment),
    ...logAlarms(environment),
    ...streamingAlarms(environment),
    ...collectorAlarms(environment),
    ...apiAlarms(environment),
    ...mailAlarms(environment),
    ...newsVendorAlarms(environment),
    ...tracingAlarms(environment),
    ...canaryAlarms(environment),
    ...deploymentAlarms(environment),
  ];
}

/** Every alarm of an environment, whatever its tier, in a fixed order. */
export function alarmCatalogue(environment: Environment): readonly AlarmDefinition[] {
  const alarms = withoutComposite(environment);
  return [...alarms, criticalAlarm(alarms.filter((alarm) => alarm.tiers.includes("full")))];
}

/** The alarms an environment pays for; composites come after what they are made of. */
export function alarmsOfTier(environment: Environment, tier: Tier): readonly AlarmDefinition[] {
  const alarms = withoutComposite(environment).filter((alarm) => alarm.tiers.includes(tier));
  const composite = criticalAlarm(alarms);
  return composite.tiers.includes(tier) ? [...alarms, composite] : alarms;
}
