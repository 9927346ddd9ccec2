import type { LogMetricKey } from "../logs";
import type { Environment } from "../names";
import { type AlarmDefinition, from } from "./definition";
import { logSeries } from "./series";

/**
 * One count of bad lines. The filter writes zeros for all other lines, and every stream has lines at its start and its
 * end, so no data means that nobody streams.
 */
function counted(
  environment: Environment,
  key: LogMetricKey,
  alarm: Pick<AlarmDefinition, "id" | "tiers" | "severity" | "meaning" | "firstStep" | "requirement"> & {
    readonly periodSeconds: number;
  },
): AlarmDefinition {
  const { periodSeconds, ...rest } = alarm;
  return {
    ...rest,
    signal: { kind: "metric", series: logSeries(environment, "sse", key, "Sum") },
    condition: {
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      periodSeconds,
      evaluationPeriods: 1,
      treatMissingData: "missing",
    },
    runbook: "collector",
  };
}

/** Alarms on the collector inside the streaming function's image: whether spans get from the function to X-Ray. */
export function collectorAlarms(environment: Environment): readonly AlarmDefinition[] {
  return [
    counted(environment, "collectorStartFailed", {
      id: "collector-start-failures",
      tiers: from("standard"),
      severity: "critical",
      periodSeconds: 300,
      meaning: "The collector of the stream does not start: its image or configuration is broken.",
      firstStep: "Read the collector's own line in the log; it names the key it does not understand.",
      requirement: "FR-123",
    }),
    counted(environment, "otelExportFailed", {
      id: "collector-export-failures",
      tiers: from("standard"),
      severity: "critical",
      periodSeconds: 300,
      meaning: "Spans of streams were given up, on their way to the collector or from it to X-Ray.",
      firstStep:
        "If the line has code, the function could not reach the collector; if not, the collector X-Ray.",
      requirement: "FR-098",
    }),
    counted(environment, "collectorUnavailable", {
      id: "collector-unavailable",
      tiers: from("standard"),
      severity: "critical",
      periodSeconds: 60,
      meaning:
        "Spans of a stream were flushed and no collector was listening: it has crashed and stays away.",
      firstStep: "Look for a collector start failure; if there is none, for memory close to the limit.",
      requirement: "FR-140",
    }),
    counted(environment, "collectorHang", {
      id: "collector-hang",
      tiers: from("standard"),
      severity: "critical",
      periodSeconds: 60,
      meaning: "The collector took spans and did not answer in time: some may be lost.",
      firstStep: "Check X-Ray for throttles, and the function's memory.",
      requirement: "FR-196",
    }),
    counted(environment, "spanQueueOverflow", {
      id: "span-queue-overflow",
      tiers: ["full"],
      severity: "info",
      periodSeconds: 300,
      meaning: "Spans arose faster than they were exported, and some were dropped.",
      firstStep: "Read dropped in the line; compare with events per second on the board.",
      requirement: "FR-091",
    }),
  ];
}
