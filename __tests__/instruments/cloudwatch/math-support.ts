import type { CouldNotEvaluate } from "../../../instruments/cloudwatch";
import { compileMath, evaluateMath } from "../../../instruments/cloudwatch/metric-math/evaluator";
import type { Frame, MissingOperand, Value } from "../../../instruments/cloudwatch/metric-math/value";
import type { Minutes } from "./support";

/** Series the math tests use. */
export const METRICS: Readonly<Record<string, Minutes>> = {
  m1: [30, 20, 0, 0],
  m2: [20, null, 20, null],
  gap: [null, 2, null, null, 8, null],
  none: [null, null, null, null],
  errors_a: [1, 2, 3, 4],
  errors_b: [10, null, 30, 40],
  requests: [100, 100, 0, 100],
};

/** Compiles and evaluates an expression over series. */
export function math(
  expression: string,
  metrics: Readonly<Record<string, Minutes>> = METRICS,
  missingOperand: MissingOperand = "zero",
  more: Readonly<Record<string, string>> = {},
): Value | CouldNotEvaluate {
  const program = compileMath(new Map(Object.entries({ ...more, result: expression })));
  if (program.kind === "could-not-evaluate") return program;
  const length = Math.max(...Object.values(metrics).map((values) => values.length));
  const frame: Frame = {
    length,
    periodSeconds: 60,
    metrics: new Map(
      Object.entries(metrics).map(([id, values]) => [
        id,
        Float64Array.from({ length }, (_value, i) => values[i] ?? Number.NaN),
      ]),
    ),
    missingOperand,
    looksAlongTime: false,
  };
  return evaluateMath(program, "result", frame);
}

/** A choice of the series. */
export const only = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, METRICS[id] ?? []]));
/** A value as a table shows it. */
export const shown = (value: Value | CouldNotEvaluate): unknown => {
  if (value.kind === "scalar") return value.value;
  if (value.kind === "series") return [...value.values].map((one) => (Number.isNaN(one) ? null : one));
  return value.kind === "list" ? value.items.map((item) => shown(item)) : value;
};
