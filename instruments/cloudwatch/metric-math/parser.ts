import { MathFault } from "./fault";
import { type Token, tokenize } from "./token";

/** Operators of two operands, each spelling in one form. */
export type Operator = "+" | "-" | "*" | "/" | "^" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "AND" | "OR";

/** A parsed metric-math expression. `column` is where the operator or name stands, 1-based. */
export type Node =
  | { readonly kind: "number"; readonly value: number; readonly column: number }
  | { readonly kind: "string"; readonly text: string; readonly column: number }
  | { readonly kind: "name"; readonly name: string; readonly column: number }
  | { readonly kind: "list"; readonly items: readonly Node[]; readonly column: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[]; readonly column: number }
  | { readonly kind: "unary"; readonly operator: "-" | "!"; readonly operand: Node; readonly column: number }
  | {
      readonly kind: "binary";
      readonly operator: Operator;
      readonly left: Node;
      readonly right: Node;
      readonly column: number;
    };

/** Left-associative levels, loosest first. CloudWatch publishes none; these are the usual ones. */
const LEVELS: readonly Readonly<Record<string, Operator>>[] = [
  { "||": "OR", OR: "OR" },
  { "&&": "AND", AND: "AND" },
  { "==": "==", "!=": "!=" },
  { "<": "<", "<=": "<=", ">": ">", ">=": ">=" },
  { "+": "+", "-": "-" },
  { "*": "*", "/": "/" },
];

/** Deepest nesting read; an expression within CloudWatch's length could otherwise exhaust the stack. */
const MAX_DEPTH = 200;

/**
 * Parses one expression. `^` binds tightest and to the right, then unary `-` and `!`, then the {@link LEVELS}. Faults name
 * what was found and its column. Source: user guide, "Metric math syntax and functions".
 */
export function parse(expression: string): Node {
  const tokens = tokenize(expression);
  let at = 0;
  let depth = 0;
  const peek = () => tokens[at] as Token;
  const take = () => tokens[at++] as Token;
  const isSymbol = (text: string) => peek().kind === "symbol" && peek().text === text;
  const expect = (text: string) => {
    if (!isSymbol(text))
      throw new MathFault(peek().text, `stands where "${text}" was expected`, peek().column);
    take();
  };

  function level(index: number): Node {
    const operators = LEVELS[index];
    if (operators === undefined) return unary();
    let left = level(index + 1);
    for (;;) {
      const { kind, text, column } = peek();
      const known = (kind === "symbol" || kind === "name") && Object.hasOwn(operators, text);
      if (!known) return left;
      take();
      left = {
        kind: "binary",
        operator: operators[text] as Operator,
        left,
        right: level(index + 1),
        column,
      };
    }
  }

  function unary(): Node {
    const { column, text } = peek();
    if (!isSymbol("-") && !isSymbol("!")) return power();
    take();
    if (++depth > MAX_DEPTH) throw new MathFault("expression", `nests deeper than ${MAX_DEPTH}`, column);
    const operand = unary();
    depth--;
    return { kind: "unary", operator: text as "-" | "!", operand, column };
  }

  function power(): Node {
    const left = primary();
    if (!isSymbol("^")) return left;
    const { column } = take();
    if (++depth > MAX_DEPTH) throw new MathFault("expression", `nests deeper than ${MAX_DEPTH}`, column);
    const right = unary();
    depth--;
    return { kind: "binary", operator: "^", left, right, column };
  }

  function listUntil(close: string): Node[] {
    const items: Node[] = [];
    if (!isSymbol(close)) {
      items.push(level(0));
      while (isSymbol(",")) {
        take();
        items.push(level(0));
      }
    }
    expect(close);
    return items;
  }

  function primary(): Node {
    const token = take();
    if (++depth > MAX_DEPTH)
      throw new MathFault("expression", `nests deeper than ${MAX_DEPTH}`, token.column);
    const node = primaryOf(token);
    depth--;
    return node;
  }

  function primaryOf(token: Token): Node {
    const { kind, text, column } = token;
    if (kind === "number") return { kind, value: Number(text), column };
    if (kind === "string") return { kind, text, column };
    if (kind === "name") {
      if (!isSymbol("(")) return { kind, name: text, column };
      take();
      return { kind: "call", name: text, args: listUntil(")"), column };
    }
    if (kind === "symbol" && text === "[") return { kind: "list", items: listUntil("]"), column };
    if (kind === "symbol" && text === "(") {
      const inner = level(0);
      expect(")");
      return inner;
    }
    throw new MathFault(text, "stands where a value was expected", column);
  }

  const tree = level(0);
  if (peek().kind !== "end") {
    throw new MathFault(peek().text, "stands after the end of the expression", peek().column);
  }
  return tree;
}
