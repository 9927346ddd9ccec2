import { ALERTS } from "../mail";
import type { MetricName } from "../metrics";
import type { Environment } from "../names";
import { type AlarmDefinition, type Condition, from, type Severity, type Signal } from "./definition";
import { metricSeries } from "./series";

/** What tells one alarm on alerts or mail from another. */
interface Told {
  readonly id: string;
  readonly tiers: AlarmDefinition["tiers"];
  readonly severity: Severity;
  readonly signal: Signal;
  readonly condition: Pick<Condition, "comparison" | "threshold" | "periodSeconds">;
  readonly meaning: string;
  readonly firstStep: string;
  readonly requirement?: string;
}

function alarm({ condition, requirement = "application §8.9", ...told }: Told): AlarmDefinition {
  return {
    ...told,
    condition: { ...condition, evaluationPeriods: 1, treatMissingData: "missing" },
    runbook: "mail",
    requirement,
  };
}

const ANY = { comparison: "GreaterThanThreshold", threshold: 0, periodSeconds: 300 } as const;

function alertAlarms(environment: Environment): readonly AlarmDefinition[] {
  const sum = (name: MetricName) => metricSeries(environment, name, "Sum");
  return [
    alarm({
      id: "alert-evaluation-errors",
      tiers: from("standard"),
      severity: "warning",
      signal: { kind: "metric", series: sum("AlertEvaluationErrors") },
      condition: ANY,
      meaning: "Alert rules could not be held against a new score: somebody may wait for a mail in vain.",
      firstStep: "Open traces with a faulty evaluate_alerts subsegment.",
      requirement: "D14",
    }),
    alarm({
      id: "alerts-unqueued",
      tiers: from("standard"),
      severity: "warning",
      signal: {
        kind: "math",
        expression: "triggered - queued",
        label: "triggered alerts that were not handed on",
        series: { triggered: sum("AlertsTriggered"), queued: sum("NotificationsQueued") },
      },
      condition: ANY,
      meaning: "Alerts triggered and never reached the topic of the mail function.",
      firstStep: "Read the exception on the evaluate_alerts subsegment, then the topic's and key's policies.",
      requirement: "D14",
    }),
    alarm({
      id: "alerts-flood",
      tiers: ["full"],
      severity: "warning",
      signal: {
        kind: "math",
        // A few alerts prove nothing, and many are fine where there are many rules.
        expression: "IF(triggered > 50, 100 * triggered / evaluated, 0)",
        label: "rules that triggered, % of those evaluated",
        series: { triggered: sum("AlertsTriggered"), evaluated: sum("AlertsEvaluated") },
      },
      condition: { comparison: "GreaterThanThreshold", threshold: 10, periodSeconds: 3600 },
      meaning: "More than 50 alerts an hour, and one rule in ten triggers: a score or a feed is off.",
      firstStep:
        "Group traces with annotation.triggered_count > 0 by ticker_symbol and look at their articles.",
    }),
  ];
}

function deliveryAlarms(environment: Environment): readonly AlarmDefinition[] {
  const sum = (name: MetricName) => metricSeries(environment, name, "Sum");
  return [
    alarm({
      id: "mail-delivery-low",
      tiers: from("standard"),
      severity: "warning",
      signal: {
        kind: "math",
        expression: "IF(attempted >= 5, 100 * sent / attempted, 100)",
        label: "mails accepted, % of those attempted",
        series: { attempted: sum("EmailsAttempted"), sent: sum("EmailsSent") },
      },
      condition: { comparison: "LessThanThreshold", threshold: 95, periodSeconds: 3600 },
      meaning: "The mail provider accepts less than 95 % of our mails.",
      firstStep: "Read sendgrid_status on the sendgrid_send_email subsegments.",
    }),
    alarm({
      id: "mail-failures",
      tiers: ["full"],
      severity: "warning",
      signal: { kind: "metric", series: sum("EmailsFailed") },
      condition: ANY,
      meaning:
        "A mail was not accepted, retries included; its event is tried again and then kept as dead letter.",
      firstStep: "Read sendgrid_status on the last faulty sendgrid_send_email subsegment.",
      requirement: "D14",
    }),
  ];
}

function quotaAlarms(environment: Environment): readonly AlarmDefinition[] {
  const used: Signal = { kind: "metric", series: metricSeries(environment, "EmailQuotaUsed", "Maximum") };
  const reached = (threshold: number): Told["condition"] => ({
    comparison: "GreaterThanOrEqualToThreshold",
    threshold,
    periodSeconds: 3600,
  });
  return [
    alarm({
      id: "mail-quota-half",
      tiers: ["full"],
      severity: "info",
      signal: used,
      condition: reached(50),
      meaning: `Half of the day's ${ALERTS.mailsPerDay} mails are spent.`,
      firstStep: "Compare AlertsTriggered with the day before.",
    }),
    alarm({
      id: "mail-quota-most",
      tiers: from("standard"),
      severity: "warning",
      signal: used,
      condition: reached(80),
      meaning: `Four fifths of the day's ${ALERTS.mailsPerDay} mails are spent; soon alerts will be held back.`,
      firstStep: "Find out whether more people or noisier rules spend them.",
    }),
    alarm({
      id: "mail-suppressed",
      tiers: from("standard"),
      severity: "warning",
      signal: { kind: "metric", series: metricSeries(environment, "EmailsSuppressed", "Sum") },
      condition: ANY,
      meaning: "A mail was held back because a daily quota was spent.",
      firstStep: "Read suppressed_reason on the send_alert subsegments: one user's quota, or everybody's.",
    }),
  ];
}

/** Alarms on the road from an alert rule to a mail (D14). */
export function mailAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [...alertAlarms(environment), ...deliveryAlarms(environment), ...quotaAlarms(environment)];
}
