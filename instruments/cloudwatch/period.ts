/**
 * Time grids of CloudWatch. Timestamps are milliseconds since the epoch, periods are seconds (as in Terraform).
 *
 * Data is *stored* on epoch multiples (a minute, or ten seconds for high resolution). Alarm periods are not: the
 * window slides, so a 5-minute alarm looks at minutes 1 to 5, then 2 to 6 (user guide, "Alarm evaluation"). Only
 * the instants of evaluation are epoch multiples.
 */
import { type CouldNotEvaluate, couldNotEvaluate } from "./outcome";

/** A second in ms. */
export const SECOND_MS = 1_000;
/** A minute in ms. */
export const MINUTE_MS = 60_000;
/** An hour in ms. */
export const HOUR_MS = 3_600_000;
/** A day in seconds. */
export const DAY_SECONDS = 86_400;

/** The largest multiple of `stepMs` (since the epoch) that is not after `timeMs`. */
export function alignDown(timeMs: number, stepMs: number): number {
  return Math.floor(timeMs / stepMs) * stepMs;
}

/** The smallest multiple of `stepMs` (since the epoch) that is not before `timeMs`. */
export function alignUp(timeMs: number, stepMs: number): number {
  return Math.ceil(timeMs / stepMs) * stepMs;
}

/** Storage grid (ms) an alarm of this period reads: ten seconds below a minute, else a minute. */
export function slotMsOf(periodSeconds: number): number {
  return periodSeconds < 60 ? 10 * SECOND_MS : MINUTE_MS;
}

/**
 * How often (ms) an alarm is evaluated: every 10 s for periods under a minute, every minute otherwise, once an hour
 * when period x evaluation periods exceeds a day (user guide, "Alarm evaluation").
 */
export function cadenceMs(periodSeconds: number, evaluationPeriods: number): number {
  if (periodSeconds * evaluationPeriods > DAY_SECONDS) return HOUR_MS;
  return slotMsOf(periodSeconds);
}

/**
 * Refuses what PutMetricAlarm refuses: a period other than 10, 20, 30 or a multiple of 60 seconds; a range beyond seven
 * days; a range beyond one day when the period is under an hour (API reference, PutMetricAlarm).
 */
export function checkPeriod(periodSeconds: number, evaluationPeriods: number): CouldNotEvaluate | undefined {
  const valid = [10, 20, 30].includes(periodSeconds) || (periodSeconds >= 60 && periodSeconds % 60 === 0);
  if (!Number.isInteger(periodSeconds) || !valid) {
    return couldNotEvaluate(
      "period",
      `${periodSeconds} s is not an alarm period: use 10, 20, 30 or a multiple of 60`,
    );
  }
  const range = periodSeconds * evaluationPeriods;
  const limit = periodSeconds < 3_600 ? DAY_SECONDS : 7 * DAY_SECONDS;
  if (range > limit) {
    return couldNotEvaluate("period", `${evaluationPeriods} x ${periodSeconds} s is longer than ${limit} s`);
  }
  return undefined;
}

/**
 * The finest period, in seconds, that data of this age (ms) can still be read at: under a minute for 3 hours, a minute
 * for 15 days, 5 minutes for 63 days, an hour for 455 days; `undefined` when gone (user guide, "Metrics retention").
 * Evaluation here ignores retention: an alarm always looked at fresh data. It matters to whoever loads a baseline.
 */
export function finestRetainedPeriod(ageMs: number): 1 | 60 | 300 | 3600 | undefined {
  const hours = ageMs / HOUR_MS;
  if (hours <= 3) return 1;
  if (hours <= 15 * 24) return 60;
  if (hours <= 63 * 24) return 300;
  return hours <= 455 * 24 ? 3600 : undefined;
}
