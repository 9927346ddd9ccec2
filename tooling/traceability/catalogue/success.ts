import { criteriaFrom, type SuccessCriterion } from "../requirement";
import { LATER_CRITERIA } from "./success-later";
import { SEED_CRITERIA } from "./success-seeds";

/** Every success criterion of the original programme, in numeric order. */
export const SUCCESS_CRITERIA: readonly SuccessCriterion[] = criteriaFrom([
  ...SEED_CRITERIA,
  ...LATER_CRITERIA,
]);
