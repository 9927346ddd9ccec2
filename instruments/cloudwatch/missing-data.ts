/**
 * From datapoints to an alarm state when some are missing. Source: user guide, "Configuring how CloudWatch alarms treat
 * missing data", its two tables and "Avoiding premature transitions to alarm state".
 */

/** What one period is to an alarm. */
export type PointClass = "missing" | "ok" | "breaching";

/** Terraform's `treat_missing_data`. */
export type TreatMissingData = "missing" | "ignore" | "breaching" | "notBreaching";

/** The three states of an alarm. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** What one evaluation decides; `retain` keeps the state the alarm had. */
export type Decision = AlarmState | "retain";

/** M of N and the missing-data mode. */
export interface Rule {
  /** N: how many datapoints decide. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

/**
 * How many more datapoints than N are retrieved. AWS publishes one figure only: with N = 3 the evaluation range is 5,
 * and says that the rest depends on period and resolution. Override it where you measured another.
 */
export const EXTRA_DATAPOINTS = 2;

/** What an evaluation saw in its range, in counts, so that it costs the same for a long range as for a short one. */
export interface Sighting {
  /** Datapoints that exist in the evaluation range. */
  readonly real: number;
  /** Breaching ones among the newest min(N, real) of them. */
  readonly breaching: number;
  /** Age in periods of the oldest one in the range: 1 is the newest period. 0 when none exists. */
  readonly oldestAge: number;
}

/**
 * The state decision.
 * - N or more real datapoints: the newest N decide, and the mode is not used.
 * - Fewer: `breaching` and `notBreaching` fill up to N.
 * - `missing` and `ignore`, fewer: M breaching ones alarm; otherwise one that does not breach means OK; otherwise all
 *   breach, and it is an alarm only when the oldest is at least M periods old (else the next one could clear it).
 *   `ignore` keeps the state in that last case and when nothing exists; `missing` reports INSUFFICIENT_DATA.
 *
 * The guide's wording of the premature rule would make `0 - X - -` (2 of 3) an alarm and its table says OK: the table wins.
 */
export function verdict(seen: Sighting, rule: Rule): Decision {
  const { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData: mode } = rule;
  if (seen.breaching >= m) return "ALARM";
  if (seen.real >= n || mode === "notBreaching") return "OK";
  if (mode === "breaching") return seen.breaching + n - seen.real >= m ? "ALARM" : "OK";
  if (seen.real > seen.breaching) return "OK";
  if (mode === "ignore") return "retain";
  return seen.real > 0 && seen.oldestAge >= m ? "ALARM" : "INSUFFICIENT_DATA";
}

/** {@link verdict} over an evaluation range given point by point, oldest first: the definition the fast path is tested against. */
export function decide(points: readonly PointClass[], rule: Rule): Decision {
  let real = 0;
  let breaching = 0;
  let oldestAge = 0;
  for (let age = 1; age <= points.length; age++) {
    const point = points[points.length - age];
    if (point === "missing") continue;
    real++;
    oldestAge = age;
    if (point === "breaching" && real <= rule.evaluationPeriods) breaching++;
  }
  return verdict({ real, breaching, oldestAge }, rule);
}
