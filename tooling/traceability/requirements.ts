import { ACCEPTANCE_ENTRIES } from "./catalogue/acceptance";
import { BROWSER_ENTRIES } from "./catalogue/browser";
import { DEFECT_ENTRIES } from "./catalogue/defects";
import { FUNCTIONAL_REQUIREMENTS } from "./catalogue/functional";
import { FUNCTION_ENTRIES } from "./catalogue/functions";
import { OPERATION_ENTRIES } from "./catalogue/operations";
import { STREAMING_ENTRIES } from "./catalogue/streaming";
import { SUCCESS_CRITERIA } from "./catalogue/success";
import { type Requirement, requirementsFrom } from "./requirement";

/** Every requirement, grouped by topic. */
export const REQUIREMENTS: readonly Requirement[] = requirementsFrom([
  ...FUNCTION_ENTRIES,
  ...STREAMING_ENTRIES,
  ...BROWSER_ENTRIES,
  ...OPERATION_ENTRIES,
]);

/** The original application's mistakes, D1 to D37. */
export const DEFECTS: readonly Requirement[] = requirementsFrom(DEFECT_ENTRIES);

/** The lines the work is accepted by. */
export const ACCEPTANCE: readonly Requirement[] = requirementsFrom(ACCEPTANCE_ENTRIES);

/** FR ids a requirement carries, in numeric order. */
export function functionalOf(id: string): readonly string[] {
  return FUNCTIONAL_REQUIREMENTS.filter((one) => one.carriers.includes(id)).map((one) => one.id);
}

/** Every id that sources and tests may cite. */
export const KNOWN_IDS: readonly string[] = [
  ...[...REQUIREMENTS, ...DEFECTS, ...ACCEPTANCE].map(({ id }) => id),
  ...[...FUNCTIONAL_REQUIREMENTS, ...SUCCESS_CRITERIA].map(({ id }) => id),
];
