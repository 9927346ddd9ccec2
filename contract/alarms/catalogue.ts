import type { Environment } from "../names";
import type { AlarmDefinition, Tier } from "./definition";
import { functionAlarms } from "./functions";
import { logAlarms } from "./logs";
import { pipelineAlarms } from "./pipeline";
import { silentFailureAlarms } from "./silent-failures";
import { newsVendorAlarms } from "./vendors";

/** Every alarm of an environment, whatever its tier, in a fixed order. */
export function alarmCatalogue(environment: Environment): readonly AlarmDefinition[] {
  return [
    ...pipelineAlarms(environment),
    ...silentFailureAlarms(environment),
    ...functionAlarms(environment),
    ...logAlarms(environment),
    ...newsVendorAlarms(environment),
  ];
}

/** The alarms an environment pays for. */
export function alarmsOfTier(environment: Environment, tier: Tier): readonly AlarmDefinition[] {
  return alarmCatalogue(environment).filter((alarm) => alarm.tiers.includes(tier));
}
