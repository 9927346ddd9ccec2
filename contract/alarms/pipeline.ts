import { deadLetterQueueName } from "../messaging";
import type { MetricName } from "../metrics";
import type { Environment } from "../names";
import { SERVICES } from "../services";
import { type AlarmDefinition, above, from } from "./definition";
import { metricSeries } from "./series";

function livenessAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [
    {
      id: "no-new-items",
      tiers: from("essential"),
      severity: "critical",
      signal: { kind: "metric", series: metricSeries(environment, "NewItemsIngested", "Sum") },
      condition: {
        comparison: "LessThanOrEqualToThreshold",
        threshold: 0,
        periodSeconds: 600,
        evaluationPeriods: 6,
        treatMissingData: "breaching",
      },
      meaning: "No new article for an hour: ingestion is dead, or both vendors are.",
      firstStep: "Check whether ingestion runs at all, then the vendor error alarms.",
      runbook: "no-new-items",
      requirement: "FR-045",
    },
    {
      id: "emission-heartbeat",
      tiers: from("essential"),
      severity: "critical",
      signal: { kind: "metric", series: metricSeries(environment, "EmissionHeartbeat", "SampleCount") },
      condition: {
        comparison: "LessThanThreshold",
        threshold: 1,
        periodSeconds: 60,
        evaluationPeriods: 3,
        treatMissingData: "breaching",
      },
      meaning: "Custom metrics stopped arriving: every alarm on them is blind.",
      firstStep: "Check that the metrics function runs and that CloudWatch accepts its metrics.",
      runbook: "heartbeat",
      requirement: "FR-126",
    },
  ];
}

function backlogAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [
    {
      id: "stuck-items",
      tiers: from("essential"),
      severity: "warning",
      signal: { kind: "metric", series: metricSeries(environment, "StuckItems", "Sum") },
      condition: above(0, 300, 1),
      meaning: "Articles wait for their score for more than five minutes.",
      firstStep: "Check analysis for errors and throttles, then the dead-letter queue.",
      runbook: "stuck-items",
      requirement: "FR-042",
    },
    {
      id: "dead-letter-queue",
      tiers: from("essential"),
      severity: "critical",
      signal: {
        kind: "metric",
        series: {
          namespace: "AWS/SQS",
          name: "ApproximateNumberOfMessagesVisible",
          dimensions: { QueueName: deadLetterQueueName(environment) },
          statistic: "Maximum",
        },
      },
      condition: above(0, 300, 1),
      meaning: "Events could not be processed even after retries.",
      firstStep: "Read one message's ErrorMessage attribute; it carries the failing request id.",
      runbook: "dead-letter-queue",
      requirement: "application §9.1",
    },
  ];
}

function errorAlarms(environment: Environment): readonly AlarmDefinition[] {
  const counter = (
    id: string,
    name: MetricName,
    periodSeconds: number,
    severity: "critical" | "warning",
    meaning: string,
    firstStep: string,
    runbook: "errors" | "latency",
  ): AlarmDefinition => ({
    id,
    tiers: from("standard"),
    severity,
    signal: { kind: "metric", series: metricSeries(environment, name, "Sum") },
    condition: above(0, periodSeconds, 1),
    meaning,
    firstStep,
    runbook,
    requirement: "FR-042",
  });
  return [
    counter(
      "analysis-request-errors",
      "AnalysisErrors",
      300,
      "warning",
      "Analysis requests could not be processed.",
      "Filter traces of analysis by fault = true.",
      "errors",
    ),
    counter(
      "metrics-function-errors",
      "MetricsLambdaErrors",
      60,
      "critical",
      "The monitor of monitors fails.",
      "Read the metrics function's last error line.",
      "errors",
    ),
    counter(
      "ingestion-slow-runs",
      "HighLatencyAlert",
      300,
      "warning",
      `An ingestion run took more than half of its ${SERVICES.ingestion.timeoutSeconds} s timeout.`,
      "Compare the vendor subsegments of that trace.",
      "latency",
    ),
  ];
}

/** Alarms on the flow of articles through the pipeline. */
export function pipelineAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [...livenessAlarms(environment), ...backlogAlarms(environment), ...errorAlarms(environment)];
}
