import { type CouldNotEvaluate, couldNotEvaluate } from "../outcome";

/** Thrown inside the metric-math folder only, caught at its two doors, and handed out as a {@link CouldNotEvaluate}. */
export class MathFault extends Error {
  readonly refusal: CouldNotEvaluate;
  constructor(what: string, why: string, column?: number) {
    super(why);
    this.refusal = couldNotEvaluate(what, why, column);
  }
}

/** Runs `work`, turning a {@link MathFault} into its refusal; any other error is a defect and passes through. */
export function guarded<T>(work: () => T): T | CouldNotEvaluate {
  try {
    return work();
  } catch (error) {
    if (error instanceof MathFault) return error.refusal;
    throw error;
  }
}
