import { LOG_METRICS } from "../logs";
import type { Environment } from "../names";
import { SERVICE_KEYS, SERVICES, type ServiceKey, scheduleSeconds } from "../services";
import { type AlarmDefinition, above, from, periodFor } from "./definition";
import { logSeries } from "./series";

/** Share of a function's memory above which it is too close to being killed (FR-104). */
const MEMORY_FRACTION = 0.85;

/**
 * Lost metrics. Where the function has a schedule its log filter writes zeros, so no data means no logs and
 * breaches; the period then spans two runs, because two runs may fall into one aligned window.
 */
function fallbackAlarm(environment: Environment, service: ServiceKey): AlarmDefinition {
  const schedule = scheduleSeconds(service);
  return {
    id: `${service}-metric-fallback`,
    tiers: from("standard"),
    severity: "critical",
    signal: { kind: "metric", series: logSeries(environment, service, "metricFallback", "Sum") },
    condition: {
      comparison: "GreaterThanThreshold",
      threshold: 0,
      periodSeconds: Math.max(300, 2 * (schedule ?? 0)),
      evaluationPeriods: 1,
      treatMissingData: schedule === undefined ? "missing" : "breaching",
    },
    meaning: `CloudWatch refuses the metrics of ${service}: alarms on them are blind.`,
    firstStep: "Read exception_type in the fallback lines, then the role's cloudwatch:namespace condition.",
    runbook: "metric-fallback",
    requirement: "FR-125",
  };
}

function memoryAlarm(environment: Environment, service: ServiceKey): AlarmDefinition {
  const { memoryMb } = SERVICES[service];
  return {
    id: `${service}-memory`,
    tiers: ["full"],
    severity: "warning",
    signal: { kind: "metric", series: logSeries(environment, service, "maxMemoryUsed", "Maximum") },
    condition: above(MEMORY_FRACTION * memoryMb, periodFor(service, 300), 1),
    meaning: `${service} uses more than ${MEMORY_FRACTION * 100} % of its ${memoryMb} MB; Lambda kills it at 100 %.`,
    firstStep: "Compare maxMemoryUsedMB before and after the last deployment.",
    runbook: "memory",
    requirement: "FR-104",
  };
}

/** Alarms on metrics made from the functions' logs. */
export function logAlarms(environment: Environment): readonly AlarmDefinition[] {
  return SERVICE_KEYS.flatMap((service) => [
    ...(LOG_METRICS.metricFallback.services.includes(service) ? [fallbackAlarm(environment, service)] : []),
    memoryAlarm(environment, service),
  ]);
}
