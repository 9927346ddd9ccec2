import type { Environment } from "../names";
import { type AlarmDefinition, above } from "./definition";
import { metricSeries, traceSeries } from "./series";

/** Month-to-date X-Ray charges in USD that each get an alarm (FR-038). */
const COST_STEPS_USD = [10, 25, 50] as const;

/** Traces of the last day as a multiple of an average day above which somebody should look (FR-161). */
const DAILY_COST_RATIO = 2;

/**
 * X-Ray may publish nothing when no trace matches a group. Filled with zeros only while traces arrive, so that the
 * alarm rests in OK on a good day and lacks data when tracing itself is gone: that change pages too. A metric that
 * never arrived causes no change, so a wrong name cannot page (ADR 0019).
 */
function errorGroupAlarm(environment: Environment): AlarmDefinition {
  return {
    id: "trace-errors",
    tiers: ["full"],
    severity: "warning",
    pagesOnSilence: true,
    signal: {
      kind: "math",
      expression: "IF(traces > 0, FILL(failed, 0), 0)",
      label: "traces with a fault",
      series: {
        failed: traceSeries(environment, "faults"),
        traces: traceSeries(environment, "live-traces"),
      },
    },
    condition: above(0, 300, 1),
    meaning:
      "Traces with a fault were recorded, even if every caller got an answer; without data, no traces.",
    firstStep:
      "Open the newest trace of the faults group; without data, check that roles may write to X-Ray.",
    runbook: "trace-errors",
    requirement: "FR-034",
  };
}

function dailyCostAlarm(environment: Environment): AlarmDefinition {
  return {
    id: "x-ray-daily-cost",
    tiers: ["full"],
    severity: "info",
    signal: {
      kind: "metric",
      series: metricSeries(environment, "XRayDailyCostRatio", "Maximum"),
    },
    condition: {
      comparison: "GreaterThanThreshold",
      threshold: DAILY_COST_RATIO,
      periodSeconds: 86_400,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    },
    meaning: `More than ${DAILY_COST_RATIO} times as many traces in a day as on an average day of the last week.`,
    firstStep: "Compare traffic with the sampling rules; a client may be forcing Sampled=1.",
    runbook: "tracing-cost",
    requirement: "FR-161",
  };
}

/** AWS/Billing exists in one region only, and only where billing alerts are switched on in the account. */
function monthlyCostAlarm(usd: number): AlarmDefinition {
  return {
    id: `x-ray-cost-${usd}`,
    tiers: ["full"],
    severity: "info",
    place: "billing",
    signal: {
      kind: "metric",
      series: {
        namespace: "AWS/Billing",
        name: "EstimatedCharges",
        dimensions: { ServiceName: "AWSXRay", Currency: "USD" },
        statistic: "Maximum",
      },
    },
    condition: {
      comparison: "GreaterThanThreshold",
      threshold: usd,
      periodSeconds: 21_600,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
    },
    meaning: `X-Ray has cost more than ${usd} USD this month.`,
    firstStep: "Compare traces recorded with the sampling rules; lower fixed_rate if traffic grew.",
    runbook: "tracing-cost",
    requirement: "FR-038",
  };
}

/** Alarms on traces themselves and on what they cost. */
export function tracingAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [errorGroupAlarm(environment), dailyCostAlarm(environment), ...COST_STEPS_USD.map(monthlyCostAlarm)];
}
