import { type MetricName, metric } from "../metrics";
import type { Environment } from "../names";
import { VENDORS, type Vendor } from "../vendors";
import { type AlarmDefinition, above, from, type Series } from "./definition";

/** Share of articles seen by both vendors outside of which de-duplication is suspect (FR-133). */
const COLLISION_RANGE = { low: 0.05, high: 0.4 } as const;

function vendorSeries(environment: Environment, name: MetricName, vendor: Vendor, statistic: string): Series {
  const dimensions = { Environment: environment, Vendor: vendor };
  return { namespace: metric(name).namespace, name, dimensions, statistic };
}

function vendorAlarms(environment: Environment, vendor: Vendor): readonly AlarmDefinition[] {
  return [
    {
      id: `${vendor}-error-rate`,
      tiers: from("standard"),
      severity: "warning",
      signal: {
        kind: "math",
        expression: "IF(calls > 0, 100 * errors / calls, 0)",
        label: "vendor errors, % of calls",
        series: {
          calls: vendorSeries(environment, "VendorApiCalls", vendor, "Sum"),
          errors: vendorSeries(environment, "VendorApiErrors", vendor, "Sum"),
        },
      },
      condition: above(5, 300, 3),
      meaning: `More than 5 % of calls to ${vendor} fail.`,
      firstStep: `Read http_status on the fetch_${vendor} subsegment.`,
      runbook: "vendors",
      requirement: "application §8.9",
    },
    {
      id: `${vendor}-circuit-open`,
      tiers: from("standard"),
      severity: "warning",
      signal: {
        kind: "metric",
        series: vendorSeries(environment, "CircuitBreakerOpen", vendor, "Maximum"),
      },
      condition: above(0, 300, 1),
      meaning: `The circuit breaker of ${vendor} is open; its news is missing.`,
      firstStep: `Check the status page of ${vendor}, then its error rate alarm.`,
      runbook: "vendors",
      requirement: "application §8.9",
    },
    {
      id: `${vendor}-skipped`,
      tiers: ["full"],
      severity: "info",
      signal: { kind: "metric", series: vendorSeries(environment, "VendorSkipped", vendor, "Sum") },
      condition: above(0, 300, 3),
      meaning: `${vendor} was left out of three runs in a row.`,
      firstStep: "Compare the quota record with the vendor's plan.",
      runbook: "vendors",
      requirement: "D37",
    },
  ];
}

function collisionAlarm(environment: Environment, side: "high" | "low"): AlarmDefinition {
  const name: MetricName = "CollisionRate";
  return {
    id: `collision-rate-${side}`,
    tiers: ["full"],
    severity: "warning",
    signal: {
      kind: "metric",
      series: {
        namespace: metric(name).namespace,
        name,
        dimensions: { Environment: environment },
        statistic: "Average",
      },
    },
    condition: {
      comparison: side === "high" ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: COLLISION_RANGE[side],
      periodSeconds: 300,
      evaluationPeriods: side === "high" ? 2 : 3,
      treatMissingData: "missing",
    },
    meaning:
      side === "high"
        ? "The vendors deliver nearly the same articles: one of them may be replaying old news."
        : "The vendors share almost no article: de-duplication may be broken.",
    firstStep: "Compare the headlines both vendors delivered in the last run.",
    runbook: "vendors",
    requirement: "FR-133",
  };
}

/** Alarms on the news vendors and on what their answers have in common. */
export function newsVendorAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [
    ...VENDORS.flatMap((vendor) => vendorAlarms(environment, vendor)),
    collisionAlarm(environment, "high"),
    collisionAlarm(environment, "low"),
  ];
}
