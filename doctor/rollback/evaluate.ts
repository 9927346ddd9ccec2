import {
  ROLLBACK_FEWEST_STARTS,
  ROLLBACK_GAPS,
  ROLLBACK_MEASURES,
  ROLLBACK_PERIOD_SECONDS,
  ROLLBACK_TRIGGERS,
  type RollbackMeasure,
} from "../../contract/rollback";
import type { Finding, Verdict } from "../gates/finding";
import { percentile } from "../gates/percentile";
import type { Observed, Reading } from "./observed";

/** Of one measure: `failed` asks to go back. */
export interface MeasureFinding extends Finding {
  readonly measure: RollbackMeasure;
}

const UNTOLD: Readonly<Record<RollbackMeasure, string>> = {
  "cold-start":
    "wait until more environments have started, or look further back if nothing has changed; only logs tell of cold starts",
  errors: "open a stream and wait for two periods; nobody has called the function",
  memory: "open a stream and wait; the metric is made from Lambda's platform.report lines",
  completeness: "see whether the canary runs: docs/runbooks/canary.md",
};

const PERIOD_MS = ROLLBACK_PERIOD_SECONDS * 1000;
const PERIOD = `${ROLLBACK_PERIOD_SECONDS / 60}-minute periods`;

function p99Of(starts: readonly Reading[]): number {
  return percentile(
    starts.map(({ value }) => value),
    99,
  );
}

/** Cold starts as one reading for each period that had any. */
function byPeriod(starts: readonly Reading[]): readonly Reading[] {
  const periods = new Map<number, Reading[]>();
  for (const start of starts) {
    const at = Math.floor(start.at / PERIOD_MS) * PERIOD_MS;
    periods.set(at, [...(periods.get(at) ?? []), start]);
  }
  return [...periods].map(([at, all]) => ({ at, value: p99Of(all) }));
}

/** Which readings decide: the newest, unless they are too old to stand for now. */
function deciding(measure: RollbackMeasure, { readings, until }: Observed): readonly Reading[] {
  const { inARow, sparse } = ROLLBACK_TRIGGERS[measure];
  const oldest = sparse ? 0 : until - (inARow + ROLLBACK_GAPS) * PERIOD_MS;
  return (measure === "cold-start" ? byPeriod(readings[measure]) : readings[measure])
    .filter(({ at }) => at >= oldest)
    .sort((a, b) => a.at - b.at)
    .slice(-inARow);
}

function foundOf(readings: readonly Reading[], unit: string): string {
  if (readings.length === 0) return "no data";
  return readings.map(({ value }) => `${Math.round(value * 100) / 100} ${unit}`).join(", ");
}

/**
 * Holds measurements against the triggers of a rollback (DEP-4): the newest periods with data, as many as the trigger
 * wants in a row, old ones left out. With fewer a measure is undecided, for what was not measured is not known to be well.
 *
 * @param observed without what was measured before the release
 * @returns a finding for each measure; `failed` asks to go back
 */
export function judgeTriggers(observed: Observed): readonly MeasureFinding[] {
  return ROLLBACK_MEASURES.map((measure) => {
    const { what, unit, bad, threshold, inARow } = ROLLBACK_TRIGGERS[measure];
    const readings = deciding(measure, observed);
    const isBad = ({ value }: Reading) => (bad === "above" ? value > threshold : value < threshold);
    const verdict: Verdict =
      readings.length < inARow ? "undecided" : readings.every(isBad) ? "failed" : "passed";
    return {
      measure,
      what,
      found: foundOf(readings, unit),
      expected: `not ${bad} ${threshold} ${unit} for ${inARow} ${PERIOD} in a row`,
      verdict,
      nextStep: verdict === "undecided" ? UNTOLD[measure] : "go back to the baseline image",
    };
  });
}

/** What stands for a measure once it is back: the newest periods, or of cold starts all there were. */
function afterwardsOf(measure: RollbackMeasure, observed: Observed) {
  const { unit, inARow, sparse } = ROLLBACK_TRIGGERS[measure];
  const all = sparse ? observed.readings[measure] : deciding(measure, observed);
  const least = sparse ? ROLLBACK_FEWEST_STARTS : inARow;
  const values = sparse && all.length > 0 ? [{ at: observed.until, value: p99Of(all) }] : all;
  return {
    values,
    enough: all.length >= least,
    // One slow start is no percentile; a bad period is a bad period.
    mayFail: !sparse || all.length >= least,
    found: `${foundOf(values, unit)}${sparse && all.length > 0 ? `, of ${all.length}` : ""}`,
    over: sparse ? `over ${least} or more since` : `in ${inARow} ${PERIOD} in a row`,
  };
}

/**
 * Holds measurements taken after a rollback against what the baseline must reach (DEP-4).
 *
 * @param observed without what was measured before it went back
 * @returns a finding for each measure the baseline has
 */
export function judgeAfterwards(observed: Observed): readonly MeasureFinding[] {
  return ROLLBACK_MEASURES.flatMap((measure) => {
    const { what, unit, afterwards } = ROLLBACK_TRIGGERS[measure];
    if (afterwards === undefined) return [];
    const { values, enough, mayFail, found, over } = afterwardsOf(measure, observed);
    const fine = values.every(({ value }) => value < afterwards);
    const verdict: Verdict = !fine && mayFail ? "failed" : enough ? "passed" : "undecided";
    return {
      measure,
      what,
      found,
      expected: `below ${afterwards} ${unit} ${over}`,
      verdict,
      nextStep:
        verdict === "undecided"
          ? UNTOLD[measure]
          : "tracing is not the cause: look at what else the release changed",
    };
  });
}
