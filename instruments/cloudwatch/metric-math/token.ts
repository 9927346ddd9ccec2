import { MathFault } from "./fault";

/** A piece of a metric-math expression; `column` is 1-based. */
export interface Token {
  readonly kind: "number" | "name" | "string" | "symbol" | "end";
  readonly text: string;
  readonly column: number;
}

/** Longest expression CloudWatch takes (API reference, MetricDataQuery). */
export const MAX_EXPRESSION = 2_048;

const SPACE = /\s+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const STRING = /"([^"]*)"|'([^']*)'/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||[-+*/^()[\],<>!]/y;

/** Splits an expression into tokens, the last one of kind `end`. Faults name the character and its column. */
export function tokenize(expression: string): Token[] {
  if (expression.length > MAX_EXPRESSION) {
    throw new MathFault(
      "expression",
      `is ${expression.length} characters, CloudWatch takes ${MAX_EXPRESSION}`,
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(expression);
  };
  while (at < expression.length) {
    const column = at + 1;
    const space = match(SPACE);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const string = match(STRING);
    const number = match(NUMBER);
    const name = match(NAME);
    const symbol = match(SYMBOL);
    if (string !== null) tokens.push({ kind: "string", text: string[1] ?? string[2] ?? "", column });
    else if (number !== null) tokens.push({ kind: "number", text: number[0], column });
    else if (name !== null) tokens.push({ kind: "name", text: name[0], column });
    else if (symbol !== null) tokens.push({ kind: "symbol", text: symbol[0], column });
    else {
      const found = expression[at] as string;
      const what = found === '"' || found === "'" ? "a string that is not closed" : "not part of metric math";
      throw new MathFault(found, `is ${what}`, column);
    }
    at += ((string ?? number ?? name ?? symbol) as RegExpExecArray)[0].length;
  }
  tokens.push({ kind: "end", text: "end of expression", column: expression.length + 1 });
  return tokens;
}
