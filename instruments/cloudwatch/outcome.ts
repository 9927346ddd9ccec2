/** The answer of an instrument that will not guess: what it met, why it stopped, and where. */
export interface CouldNotEvaluate {
  readonly kind: "could-not-evaluate";
  /** The thing that cannot be evaluated, by name: a function, a statistic, an operator, an alarm. */
  readonly what: string;
  /** One sentence: what was found and what would have been accepted. */
  readonly why: string;
  /** 1-based column in the expression or rule, when there is one. */
  readonly column?: number;
}

/** Builds a {@link CouldNotEvaluate}; `column` is 1-based and left out when unknown. */
export function couldNotEvaluate(what: string, why: string, column?: number): CouldNotEvaluate {
  return column === undefined
    ? { kind: "could-not-evaluate", what, why }
    : { kind: "could-not-evaluate", what, why, column };
}

/** True for a refusal, whatever the other arm of the union is. */
export function isCouldNotEvaluate(value: unknown): value is CouldNotEvaluate {
  return (
    typeof value === "object" && value !== null && "kind" in value && value.kind === "could-not-evaluate"
  );
}
