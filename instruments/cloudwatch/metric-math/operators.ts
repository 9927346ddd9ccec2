/** Operators of metric math. Source: user guide, "Basic arithmetic functions", "Comparison and logical operators". */
import { MathFault } from "./fault";
import type { Operator } from "./parser";
import { type Frame, finite, scalar, series, typeName, type Value } from "./value";

const bit = (holds: boolean): number => (holds ? 1 : 0);

const COMPUTE: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "==": (a, b) => bit(a === b),
  "!=": (a, b) => bit(a !== b),
  "<": (a, b) => bit(a < b),
  "<=": (a, b) => bit(a <= b),
  ">": (a, b) => bit(a > b),
  ">=": (a, b) => bit(a >= b),
  AND: (a, b) => bit(a !== 0 && b !== 0),
  OR: (a, b) => bit(a !== 0 || b !== 0),
};

/**
 * Applies an operator. Two series: by timestamp; where one has no datapoint it counts as 0 (the guide's rule), or the
 * timestamp is dropped when the frame says `drop`. A number meets every datapoint and makes none. An array of series
 * takes arithmetic with a number or a series, each in turn; what cannot be computed is dropped.
 */
export function binary(frame: Frame, operator: Operator, left: Value, right: Value, column: number): Value {
  const compute = COMPUTE[operator];
  if (left.kind === "scalar" && right.kind === "scalar") {
    const known = !Number.isNaN(left.value) && !Number.isNaN(right.value);
    return scalar(known ? finite(compute(left.value, right.value)) : Number.NaN);
  }
  if (left.kind === "list" || right.kind === "list") {
    if ((left.kind === "list" && right.kind === "list") || !"+-*/^".includes(operator)) {
      throw new MathFault(operator, `is not defined for ${typeName(left)} and ${typeName(right)}`, column);
    }
    const items = left.kind === "list" ? left.items : right.kind === "list" ? right.items : [];
    const each = items.map((item) =>
      left.kind === "list"
        ? binary(frame, operator, item, right, column)
        : binary(frame, operator, left, item, column),
    );
    return { kind: "list", items: each.filter((item) => item.kind === "series") };
  }
  const values = new Float64Array(frame.length);
  for (let i = 0; i < frame.length; i++) {
    let a = left.kind === "scalar" ? left.value : (left.values[i] as number);
    let b = right.kind === "scalar" ? right.value : (right.values[i] as number);
    if (left.kind === "series" && right.kind === "series" && frame.missingOperand === "zero") {
      if (Number.isNaN(a) && !Number.isNaN(b)) a = 0;
      else if (Number.isNaN(b) && !Number.isNaN(a)) b = 0;
    }
    values[i] = Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : finite(compute(a, b));
  }
  return series(values);
}

/** Unary minus, of anything, and `!`, of a number or a series (1 where the operand is 0). */
export function unary(operator: "-" | "!", operand: Value, column: number): Value {
  const compute =
    operator === "-" ? (a: number) => -a : (a: number) => (a === 0 ? 1 : Number.isNaN(a) ? a : 0);
  if (operand.kind === "scalar") return scalar(compute(operand.value));
  if (operand.kind === "series") return series(operand.values.map(compute));
  if (operator === "!") throw new MathFault(operator, "is not defined for an array of time series", column);
  return { kind: "list", items: operand.items.map((item) => series(item.values.map(compute))) };
}

/**
 * IF(condition, whenTrue, whenFalse). The guide's table: no condition, no datapoint; true where `whenTrue` has no datapoint
 * is 0; false where `whenFalse` has none, or is left out, is dropped.
 */
export function choose(
  frame: Frame,
  condition: Value,
  whenTrue: Value,
  whenFalse: Value | undefined,
  column: number,
): Value {
  for (const value of [condition, whenTrue, whenFalse]) {
    if (value?.kind === "list") throw new MathFault("IF", "does not take an array of time series", column);
  }
  const at = (value: Value | undefined, i: number): number => {
    if (value === undefined || value.kind === "list") return Number.NaN;
    return value.kind === "scalar" ? value.value : (value.values[i] as number);
  };
  if (condition.kind === "scalar" && whenTrue.kind === "scalar" && whenFalse?.kind !== "series") {
    throw new MathFault("IF", "has no time series among its arguments", column);
  }
  const values = new Float64Array(frame.length);
  for (let i = 0; i < frame.length; i++) {
    const test = at(condition, i);
    if (Number.isNaN(test)) values[i] = Number.NaN;
    else if (test === 0) values[i] = at(whenFalse, i);
    else {
      const chosen = at(whenTrue, i);
      // The table's 0 needs a condition that is a series: a number as condition picks the whole series as it is.
      values[i] = Number.isNaN(chosen) && condition.kind === "series" ? 0 : chosen;
    }
  }
  return series(values);
}
