import fc from "fast-check";
import { math, shown } from "./math-support";
import { RUNS } from "./support";

type Tree = number | { op: string; left: Tree; right: Tree };
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.integer({ min: 0, max: 20 }),
    fc.record({
      op: fc.constantFrom("+", "-", "*", "/", "^", "==", "!=", "<", "<=", ">", ">=", "AND", "OR"),
      left: tie("tree"),
      right: tie("tree"),
    }),
  ),
}));
const text = (node: Tree): string =>
  typeof node === "number" ? `${node}` : `(${text(node.left)} ${node.op} ${text(node.right)})`;
const script = (node: Tree): number => {
  if (typeof node === "number") return node;
  const [a, b] = [script(node.left), script(node.right)];
  const results: Readonly<Record<string, number>> = {
    "+": a + b,
    "-": a - b,
    "*": a * b,
    "/": a / b,
    "^": a ** b,
    "==": Number(a === b),
    "!=": Number(a !== b),
    "<": Number(a < b),
    "<=": Number(a <= b),
    ">": Number(a > b),
    ">=": Number(a >= b),
    AND: Number(a !== 0 && b !== 0),
    OR: Number(a !== 0 || b !== 0),
  };
  const result = results[node.op] ?? Number.NaN;
  return Number.isNaN(a) || Number.isNaN(b) || !Number.isFinite(result) ? Number.NaN : result;
};

describe("B4 invariants of metric math, 5,000 random inputs each", () => {
  const values = fc.array(fc.oneof(fc.constant(null), fc.integer({ min: -50, max: 50 })), {
    minLength: 1,
    maxLength: 20,
  });

  it("constants give what JavaScript gives", () => {
    fc.assert(
      fc.property(tree, (node) => {
        fc.pre(text(node).length < 2000);
        expect(math(text(node))).toEqual({ kind: "scalar", value: script(node) });
      }),
      RUNS,
    );
  });

  it("without parentheses, + - * / bind as in JavaScript", () => {
    const piece = fc.tuple(fc.constantFrom("+", "-", "*"), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const expression = `1${pieces.map(([op, n]) => ` ${op} ${n}`).join("")}`;
        expect(math(expression)).toEqual({ kind: "scalar", value: Function(`return ${expression}`)() });
      }),
      RUNS,
    );
  });

  it("FILL with a number leaves no gap and keeps what was there", () => {
    fc.assert(
      fc.property(values, fc.integer(), (m, filler) => {
        const filled = shown(math(`FILL(m, ${Math.abs(filler)})`, { m }));
        expect(filled).toEqual(m.map((value) => value ?? Math.abs(filler)));
      }),
      RUNS,
    );
  });

  it("FILL with LINEAR stays between its neighbours; REPEAT and LINEAR leave gaps at the edges only", () => {
    fc.assert(
      fc.property(values, (m) => {
        const linear = shown(math("FILL(m, LINEAR)", { m })) as (number | null)[];
        const repeat = shown(math("FILL(m, REPEAT)", { m })) as (number | null)[];
        const first = m.findIndex((value) => value !== null);
        const last = m.findLastIndex((value) => value !== null);
        const present = m.filter((value) => value !== null);
        const wrong = m.some((_value, i) => {
          const inside = first >= 0 && i >= first && i <= last;
          const at = linear[i] ?? null;
          if (inside !== (at !== null)) return true;
          if ((first >= 0 && i >= first) !== ((repeat[i] ?? null) !== null)) return true;
          return at !== null && (at < Math.min(...present) - 1e-9 || at > Math.max(...present) + 1e-9);
        });
        expect(wrong).toBe(false);
      }),
      RUNS,
    );
  });

  it("RUNNING_SUM of DIFF gives the series back, less its first value", () => {
    fc.assert(
      fc.property(values, (m) => {
        const first = m.find((value) => value !== null) ?? 0;
        const at = m.indexOf(first);
        expect(shown(math("RUNNING_SUM(DIFF(m))", { m }))).toEqual(
          m.map((value, i) => (value === null || i === at ? null : value - first)),
        );
      }),
      RUNS,
    );
  });

  it("any text is evaluated or refused, never thrown at the user", () => {
    const word = fc.constantFrom(
      "m1",
      "m2",
      "SUM",
      "IF",
      "FILL",
      "METRICS",
      "(",
      ")",
      "[",
      "]",
      ",",
      "+",
      "-",
      "^",
      "<",
      "!",
      "AND",
      "3",
      '"e"',
      "REPEAT",
      "$",
      "é",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 12 }).map((words) => words.join(" ")),
        ),
        (expression) => {
          expect(["scalar", "series", "list", "could-not-evaluate"]).toContain(math(expression).kind);
        },
      ),
      RUNS,
    );
  });
});
