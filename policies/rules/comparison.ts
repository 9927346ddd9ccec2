import type { MetricAlarm } from "./series";

/** True for comparisons that hold when the value is large. */
export function alarmsWhenHigh(alarm: MetricAlarm): boolean {
  return alarm.comparison?.startsWith("GreaterThan") === true;
}

/** Whether a value meets the alarm's comparison; `undefined` when comparison or threshold are not known or a band. */
export function holds(alarm: MetricAlarm, value: number): boolean | undefined {
  const { comparison, threshold } = alarm;
  if (threshold === undefined) return undefined;
  if (comparison === "GreaterThanThreshold") return value > threshold;
  if (comparison === "GreaterThanOrEqualToThreshold") return value >= threshold;
  if (comparison === "LessThanThreshold") return value < threshold;
  if (comparison === "LessThanOrEqualToThreshold") return value <= threshold;
  return undefined;
}
