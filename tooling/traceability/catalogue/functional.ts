import { type FunctionalRequirement, functionalFrom } from "../requirement";
import { EARLY_LINES } from "./functional-early";
import { LATE_LINES } from "./functional-late";

/** Every functional requirement of the original programme, in numeric order. */
export const FUNCTIONAL_REQUIREMENTS: readonly FunctionalRequirement[] = functionalFrom([
  ...EARLY_LINES,
  ...LATE_LINES,
]);
