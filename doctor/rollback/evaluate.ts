import {
  ROLLBACK_GAPS,
  ROLLBACK_MEASURES,
  ROLLBACK_PERIOD_SECONDS,
  ROLLBACK_TRIGGERS,
  type RollbackMeasure,
} from "../../contract/rollback";
import type { Finding, Verdict } from "../gates/finding";
import type { Observed, Reading } from "./observed";

/** Of one measure: `failed` asks to go back. */
export interface MeasureFinding extends Finding {
  readonly measure: RollbackMeasure;
}

const UNTOLD: Readonly<Record<RollbackMeasure, string>> = {
  "cold-start":
    "look further back with --minutes, or wait until more environments have started; only logs tell of cold starts",
  errors: "open a stream and wait for two periods; nobody has called the function",
  memory: "open a stream and wait; the metric is made from Lambda's platform.report lines",
  completeness: "see whether the canary runs: docs/runbooks/canary.md",
};

const PERIOD = `${ROLLBACK_PERIOD_SECONDS / 60}-minute periods`;

/** Which readings decide: the newest, unless they are too old to stand for now. */
function deciding(measure: RollbackMeasure, { readings, until }: Observed): readonly Reading[] {
  const { inARow, sparse } = ROLLBACK_TRIGGERS[measure];
  const oldest = sparse ? 0 : until - (inARow + ROLLBACK_GAPS) * ROLLBACK_PERIOD_SECONDS * 1000;
  return readings[measure]
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

/**
 * Holds measurements taken after a rollback against what the baseline must reach (DEP-4).
 *
 * @returns a finding for each measure the baseline has
 */
export function judgeAfterwards(observed: Observed): readonly MeasureFinding[] {
  return ROLLBACK_MEASURES.flatMap((measure) => {
    const { what, unit, inARow, afterwards } = ROLLBACK_TRIGGERS[measure];
    if (afterwards === undefined) return [];
    const readings = deciding(measure, observed);
    const fine = readings.every(({ value }) => value < afterwards);
    const verdict: Verdict = !fine ? "failed" : readings.length < inARow ? "undecided" : "passed";
    return {
      measure,
      what,
      found: foundOf(readings, unit),
      expected: `below ${afterwards} ${unit} in ${inARow} ${PERIOD} in a row`,
      verdict,
      nextStep:
        verdict === "undecided"
          ? UNTOLD[measure]
          : "tracing is not the cause: look at what else the release changed",
    };
  });
}
