import { FAILURE_PATH_KEYS, FAILURE_PATHS, type FailurePathKey } from "../failure-paths";
import { metric } from "../metrics";
import type { Environment } from "../names";
import { METRICS_ARE_DOWN } from "./composites";
import { type AlarmDefinition, above, periodFor, type Series } from "./definition";
import { metricSeries } from "./series";

function silentFailures(dimensions: Readonly<Record<string, string>>): Series {
  const name = "SilentFailure/Count";
  return { namespace: metric(name).namespace, name, dimensions, statistic: "Sum" };
}

function pathAlarm(key: FailurePathKey): AlarmDefinition {
  const path = FAILURE_PATHS[key];
  return {
    id: `silent-failure-${path.dimension}`,
    tiers: ["full"],
    severity: "warning",
    signal: { kind: "metric", series: silentFailures({ FailurePath: path.dimension }) },
    condition: {
      comparison: "GreaterThanThreshold",
      threshold: 0,
      // FR-134 says 60 s; a zero arrives once per run, so a shorter period could never rest in OK (ADR 0009).
      periodSeconds: periodFor(path.emitter, 60),
      evaluationPeriods: 1,
      treatMissingData: "missing",
    },
    meaning: `${path.emitter} caught an error nobody saw: ${path.fallback}.`,
    firstStep: `Open traces with a faulty ${path.subsegment} subsegment.`,
    runbook: "silent-failures",
    requirement: "FR-134",
  };
}

/** Alarms on the seven silent-failure paths: one aggregate below the full tier, one each and their composite in it. */
export function silentFailureAlarms(environment: Environment): readonly AlarmDefinition[] {
  const perPath = FAILURE_PATH_KEYS.map(pathAlarm);
  return [
    {
      id: "silent-failures-total",
      tiers: ["essential", "standard"],
      severity: "critical",
      signal: {
        kind: "math",
        // Alerts have no path of their own among the seven; an article is analyzed whether or not they can be held
        // against it, so nobody sees that failure either (ADR 0024).
        expression: "FILL(paths, 0) + FILL(alerts, 0)",
        label: "errors that no caller saw",
        series: {
          paths: silentFailures({ Environment: environment }),
          alerts: metricSeries(environment, "AlertEvaluationErrors", "Sum"),
        },
      },
      condition: above(0, periodFor("ingestion", 300), 1),
      meaning: "Some function caught an error that no caller saw.",
      firstStep: "Look at SilentFailure/Count by FailurePath and at AlertEvaluationErrors.",
      runbook: "silent-failures",
      requirement: "FR-134",
    },
    ...perPath,
    {
      id: "silent-failures-any",
      tiers: ["full"],
      severity: "critical",
      signal: { kind: "composite", anyOf: perPath.map((alarm) => alarm.id), suppressor: METRICS_ARE_DOWN },
      meaning: "At least one silent-failure path is failing.",
      firstStep: "See which of the seven path alarms is in ALARM.",
      runbook: "silent-failures",
      requirement: "FR-134",
    },
  ];
}
