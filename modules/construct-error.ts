import type { IConstruct } from "constructs";

/** What was wrong with a construct's props, told so that the reader can mend it. */
export interface Mistake {
  readonly found: string;
  readonly expected: string;
  readonly nextStep: string;
}

/** Thrown by constructs on props no default can repair; the message starts with the construct path. */
export class ConstructError extends Error {
  override readonly name = "ConstructError";

  /** @param scope the construct, or its parent when it does not exist yet */
  constructor(scope: IConstruct, mistake: Mistake) {
    super(
      `${scope.node.path}: found ${mistake.found}; expected ${mistake.expected}. Next step: ${mistake.nextStep}.`,
    );
  }
}

/**
 * Refuses a number that is not an integer between two bounds.
 *
 * @throws ConstructError naming the construct, the prop, the value and the bounds
 */
export function requireInteger(
  scope: IConstruct,
  prop: string,
  value: number,
  min: number,
  max: number,
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new ConstructError(scope, {
    found: `${prop} = ${value}`,
    expected: `a whole number from ${min} to ${max}`,
    nextStep: `set ${prop} within these bounds`,
  });
}

/**
 * Refuses text that does not match a pattern.
 *
 * @throws ConstructError naming the construct, the prop, the value and what was expected
 */
export function requireText(
  scope: IConstruct,
  prop: string,
  value: string,
  pattern: RegExp,
  expected: string,
): void {
  if (pattern.test(value)) return;
  throw new ConstructError(scope, {
    found: `${prop} = ${JSON.stringify(value)}`,
    expected,
    nextStep: `correct ${prop}`,
  });
}
