import type { TerraformModel } from "../terraform/model";
import type { Emissions, Promises } from "./promises";

/** What a rule looks at. */
export interface RuleInput {
  readonly terraform: TerraformModel;
  /** What the application promises to emit; absent for a stack that uses single constructs only. */
  readonly promises?: Promises;
  /** What the shipped bundles emit, by Lambda function name; present whenever `promises` is. */
  readonly emissions?: Readonly<Record<string, Emissions>>;
}

/** A broken rule, told so that the reader can mend it. */
export interface Violation {
  /** Construct path, or Terraform address. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  readonly nextStep: string;
}

/** A guard-rail: a pure function from Terraform JSON to violations. */
export interface Rule {
  /** File name and rule id. */
  readonly id: string;
  /** The compliant state, as one sentence. */
  readonly statement: string;
  /** Why it matters, in a sentence. */
  readonly why: string;
  check(input: RuleInput): readonly Violation[];
}

/** One line of a failed synth: rule, path, found, expected, next step. */
export function describeViolation(rule: Rule, violation: Violation): string {
  return [
    `${rule.id}: ${violation.path}`,
    `    found:     ${violation.found}`,
    `    expected:  ${violation.expected}`,
    `    next step: ${violation.nextStep}`,
  ].join("\n");
}
