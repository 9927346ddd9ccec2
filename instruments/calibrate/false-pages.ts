import { evaluateAlarm, isCouldNotEvaluate, type MetricAlarm, type MetricData } from "../cloudwatch";
import type { Observed } from "./observed";

/** How long after a minute its data can be read, ms; what rehearsals assume too. */
const LAG_MS = 60_000;
/** Days a rate of pages is given for. */
export const RATE_DAYS = 30;

/** Pages per 30 days of a baseline on which nothing was wrong, by evaluating the alarm; `undefined` when it cannot be. */
export function falsePages(
  alarm: MetricAlarm,
  data: MetricData,
  { startMs, endMs, days }: Observed,
): number | undefined {
  const options = { ingestionLagMs: LAG_MS, initialState: "OK" } as const;
  const history = evaluateAlarm(alarm, data, { startMs, endMs: endMs + LAG_MS }, options);
  if (isCouldNotEvaluate(history)) return undefined;
  const alarms = history.transitions.filter((one) => one.to === "ALARM").length;
  return Math.round((alarms * RATE_DAYS * 10) / days) / 10;
}
