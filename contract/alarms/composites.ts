import type { AlarmDefinition, Suppressor } from "./definition";

/**
 * While custom metrics do not arrive at all, the heartbeat pages; composites would repeat it. Their children still
 * page for themselves, so nothing is lost (ADR 0018). The heartbeat needs three minutes to fire.
 */
export const METRICS_ARE_DOWN: Suppressor = {
  id: "emission-heartbeat",
  waitSeconds: 180,
  extensionSeconds: 300,
};

/** The composite of all critical alarms among some, for the head of the board (DSH-1). */
export function criticalAlarm(alarms: readonly AlarmDefinition[]): AlarmDefinition {
  const critical = alarms.filter((alarm) => alarm.severity === "critical" && alarm.place === undefined);
  return {
    id: "critical-any",
    tiers: ["standard", "full"],
    severity: "critical",
    signal: {
      kind: "composite",
      anyOf: critical.map((alarm) => alarm.id),
      suppressor: METRICS_ARE_DOWN,
    },
    meaning: "At least one critical alarm is in ALARM.",
    firstStep: "See on the board which critical alarm it is and follow its runbook.",
    runbook: "critical",
    requirement: "DSH-1",
  };
}
