import { type CouldNotEvaluate, isCouldNotEvaluate } from "../outcome";
import { guarded, MathFault } from "./fault";
import { FUNCTIONS, fill, metrics } from "./functions";
import { binary, choose, unary } from "./operators";
import { type Node, parse } from "./parser";
import type { Frame, Series, Value } from "./value";

/** Most series or expressions one request may have (API reference, GetMetricData). */
const MAX_SERIES = 500;

/** A set of named expressions, parsed; evaluate one of them with {@link evaluateMath}. */
export interface MathProgram {
  readonly kind: "math-program";
  readonly expressions: ReadonlyMap<string, Node>;
}

/** Parses expressions by id. Refuses the first that does not parse, with what was found and its column. Never throws. */
export function compileMath(expressions: ReadonlyMap<string, string>): MathProgram | CouldNotEvaluate {
  const parsed = new Map<string, Node>();
  for (const [id, text] of expressions) {
    const node = guarded(() => parse(text));
    if (isCouldNotEvaluate(node)) return node;
    parsed.set(id, node);
  }
  return { kind: "math-program", expressions: parsed };
}

/**
 * The value of expression or metric `id` on a frame: a number, a series or an array of series. Refuses unknown functions,
 * names and types by name and column, and expressions that refer to themselves by the way round. Never throws.
 */
export function evaluateMath(program: MathProgram, id: string, frame: Frame): Value | CouldNotEvaluate {
  return guarded(() => {
    const done = new Map<string, Value>();
    return named(id, 1, []);

    function named(name: string, column: number, path: readonly string[]): Value {
      const values = frame.metrics.get(name);
      if (values !== undefined) return { kind: "series", values, metricId: name };
      const known = done.get(name);
      if (known !== undefined) return known;
      const node = program.expressions.get(name);
      if (node === undefined)
        throw new MathFault(name, "is neither a metric nor an expression of this alarm", column);
      if (path.length > MAX_SERIES)
        throw new MathFault(name, `is over ${MAX_SERIES} expressions deep`, column);
      if (path.includes(name)) {
        throw new MathFault(name, `refers to itself: ${[...path, name].join(" -> ")}`, column);
      }
      const value = worth(node, [...path, name]);
      done.set(name, value);
      return value;
    }

    function worth(node: Node, path: readonly string[]): Value {
      switch (node.kind) {
        case "number":
          return { kind: "scalar", value: node.value };
        case "string":
          throw new MathFault(`"${node.text}"`, "is a string where a value was expected", node.column);
        case "name":
          return named(node.name, node.column, path);
        case "unary":
          return unary(node.operator, worth(node.operand, path), node.column);
        case "binary":
          return binary(frame, node.operator, worth(node.left, path), worth(node.right, path), node.column);
        case "list": {
          const items: Series[] = [];
          for (const item of node.items) {
            for (const one of flat(worth(item, path), node.column)) items.push(one);
            if (items.length > MAX_SERIES) {
              throw new MathFault("[", `holds more than ${MAX_SERIES} time series`, node.column);
            }
          }
          return { kind: "list", items };
        }
        case "call":
          return call(node, path);
      }
    }

    function flat(value: Value, column: number): readonly Series[] {
      if (value.kind === "scalar")
        throw new MathFault("[", "an array holds time series, not numbers", column);
      return value.kind === "series" ? [value] : value.items;
    }

    function call(node: Node & { kind: "call" }, path: readonly string[]): Value {
      const { name, args, column } = node;
      const count = (least: number, most: number) => {
        if (args.length >= least && args.length <= most) return;
        const wanted = least === most ? `${least}` : `${least} to ${most}`;
        throw new MathFault(name, `takes ${wanted} arguments, not ${args.length}`, column);
      };
      const value = (index: number) => worth(args[index] as Node, path);
      if (name === "METRICS") {
        count(0, 1);
        const [part] = args;
        if (part !== undefined && part.kind !== "string") {
          throw new MathFault(name, "takes a string or nothing", part.column);
        }
        return metrics(frame, part?.text);
      }
      if (name === "IF") {
        count(2, 3);
        return choose(frame, value(0), value(1), args.length === 3 ? value(2) : undefined, column);
      }
      if (name === "FILL") {
        count(2, 2);
        const by = args[1] as Node;
        const word =
          by.kind === "name" && (by.name === "REPEAT" || by.name === "LINEAR") ? by.name : undefined;
        return fill(frame, value(0), word ?? value(1), column);
      }
      const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
      if (known === undefined) {
        throw new MathFault(name, "is a function this evaluator does not know", column);
      }
      count(1, 1);
      return known(frame, [value(0)], column);
    }
  });
}
