import { CANARY } from "../canary";
import type { MetricName } from "../metrics";
import type { Environment } from "../names";
import { type AlarmDefinition, above, type Condition, from, type Severity, type Tier } from "./definition";
import { canarySeries } from "./series";

/** Silence of the canary is as bad as what it would have said; two runs never miss two periods. */
function proof(
  comparison: Condition["comparison"],
  threshold: number,
): Pick<AlarmDefinition, "severity" | "condition" | "runbook"> {
  return {
    severity: "critical",
    condition: {
      comparison,
      threshold,
      periodSeconds: 300,
      evaluationPeriods: 2,
      treatMissingData: "breaching",
    },
    runbook: "canary",
  };
}

/** Alarms that hear the canary, and that hear when it is silent. */
function proofs(environment: Environment): readonly AlarmDefinition[] {
  const { leastCompleteness, mostLoss } = CANARY;
  return [
    {
      id: "canary-health",
      tiers: from("essential"),
      signal: { kind: "metric", series: canarySeries(environment, "CanaryHealth", "Minimum") },
      ...proof("LessThanThreshold", 1),
      meaning: "Traces or metrics get lost, or the canary that would notice is dead.",
      firstStep: "Read the canary's last alert or log line; it says which plane failed and for which traces.",
      requirement: "FR-019",
    },
    {
      id: "canary-completeness",
      tiers: from("standard"),
      signal: {
        kind: "metric",
        series: canarySeries(environment, "canary.trace.completeness_ratio", "Average"),
      },
      ...proof("LessThanThreshold", leastCompleteness),
      meaning: `Less than ${100 * leastCompleteness} % of the test traces of the last hour arrived.`,
      firstStep: "Compare with unprocessed segments and X-Ray's throttles in the same hour.",
      requirement: "FR-113",
    },
    {
      id: "canary-trace-loss",
      tiers: from("standard"),
      signal: { kind: "metric", series: canarySeries(environment, "trace_data_loss_ratio", "Maximum") },
      ...proof("GreaterThanThreshold", mostLoss),
      meaning: `Run after run loses more than ${100 * mostLoss} % of its test traces.`,
      firstStep: "Take a lost trace id from the canary's log and ask X-Ray for it by hand.",
      requirement: "FR-036",
    },
    {
      id: "canary-heartbeat",
      tiers: from("standard"),
      place: "backup",
      signal: { kind: "metric", series: canarySeries(environment, "CanaryHeartbeat", "SampleCount") },
      ...proof("LessThanThreshold", 1),
      meaning: "The canary does not reach the backup region: it is dead, or its whole region is.",
      firstStep: "Look at the region's health dashboard, then whether the canary runs.",
      requirement: "FR-169",
    },
  ];
}

function counted(
  environment: Environment,
  name: MetricName,
  alarm: Pick<AlarmDefinition, "id" | "meaning" | "firstStep" | "requirement"> & {
    readonly tier: Tier;
    readonly severity?: Severity;
  },
): AlarmDefinition {
  const { tier, ...rest } = alarm;
  return {
    severity: "warning",
    ...rest,
    tiers: from(tier),
    signal: { kind: "metric", series: canarySeries(environment, name, "Sum") },
    condition: above(0, 300, 1),
    runbook: "canary",
  };
}

/** Alarms on what the canary finds short of a loss. */
function findings(environment: Environment): readonly AlarmDefinition[] {
  return [
    counted(environment, "CanaryInitFailure", {
      id: "canary-init-failures",
      tier: "standard",
      meaning: "The canary runs without a tracer: its own work cannot be seen in traces.",
      firstStep: "Read error in the canary_init_failed line of its log.",
      requirement: "FR-145",
    }),
    counted(environment, "UnprocessedTraceSegments", {
      id: "trace-segments-unprocessed",
      tier: "standard",
      meaning: "X-Ray answers that it does not take segments: its quota is used up or it has a fault.",
      firstStep: "Compare segments a second with the quota on PutTraceSegments.",
      requirement: "FR-170",
    }),
    counted(environment, "CanarySubsegmentIncomplete", {
      id: "canary-request-incomplete",
      tier: "standard",
      meaning: "Two real requests in a row left a trace without gateway, function or table.",
      firstStep: "Open the trace the canary names and see which of the three is missing.",
      requirement: "FR-207",
    }),
    counted(environment, "canary.trace.partial", {
      id: "canary-partial-traces",
      tier: "full",
      meaning: "Test traces are still partial a minute after they were sent.",
      firstStep: "Look at X-Ray's health; partial traces are late, not yet lost.",
      requirement: "FR-087",
    }),
  ];
}

/** Alarms fed by the canary about traces and metrics. */
export function canaryAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [...proofs(environment), ...findings(environment)];
}
