import fc from "fast-check";
import type { CouldNotEvaluate } from "../../../instruments/cloudwatch";
import { compileMath, evaluateMath } from "../../../instruments/cloudwatch/metric-math/evaluator";
import type { Frame, MissingOperand, Value } from "../../../instruments/cloudwatch/metric-math/value";
import { type Minutes, RUNS, title } from "./support";

const METRICS: Readonly<Record<string, Minutes>> = {
  m1: [30, 20, 0, 0],
  m2: [20, null, 20, null],
  gap: [null, 2, null, null, 8, null],
  none: [null, null, null, null],
  errors_a: [1, 2, 3, 4],
  errors_b: [10, null, 30, 40],
  requests: [100, 100, 0, 100],
};

function math(
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

const only = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, METRICS[id] ?? []]));
const shown = (value: Value | CouldNotEvaluate): unknown => {
  if (value.kind === "scalar") return value.value;
  if (value.kind === "series") return [...value.values].map((one) => (Number.isNaN(one) ? null : one));
  return value.kind === "list" ? value.items.map((item) => shown(item)) : value;
};

describe("the guide's tables", () => {
  it.each([
    ["m1 < m2", [0, 0, 1, 0]],
    ["m1 >= 30", [1, 0, 0, 0]],
    ["m1 > 15 AND m2 > 15", [1, 0, 0, 0]],
  ])("comparison: %s", (expression, expected) => {
    expect(shown(math(expression, only("m1", "m2")))).toEqual(expected);
  });

  const metrics = { a: [1, 1, 0, 0, null], b: [30, null, 0, 0, 30], c: [0, 0, 20, null, 20] };
  it.each([
    ["IF(a, b, c)", [30, 0, 20, null, null]],
    ["IF(a, 5, c)", [5, 5, 20, null, null]],
    ["IF(a, b, 5)", [30, 0, 5, 5, null]],
    ["IF(a, b)", [30, 0, null, null, null]],
    ["IF(1, b, c)", [30, null, 0, 0, 30]],
    ["IF(0, b, c)", [0, 0, 20, null, 20]],
    ["IF(0, b)", [null, null, null, null, null]],
    ["IF(b > 10, 1, 0)", [1, null, 0, 0, 1]],
  ])("IF: %s", (expression, expected) => {
    expect(shown(math(expression, metrics))).toEqual(expected);
  });
});

describe("functions and operators", () => {
  const ids = only("m1", "m2");
  it.each<[string, unknown]>([
    ["m1 + m2", [50, 20, 20, 0]],
    ["m1 - m2", [10, 20, -20, 0]],
    ["m1 * 2", [60, 40, 0, 0]],
    ["m2 * 2", [40, null, 40, null]],
    ["m1 / m2", [1.5, null, 0, null]],
    ["100 / m1", [100 / 30, 5, null, null]],
    ["-m2", [-20, null, -20, null]],
    ["!m1", [0, 0, 1, 1]],
    ["m1 == 0 || m1 == 30", [1, 0, 1, 1]],
    ["m1 != 0 && m1 < 30", [0, 1, 0, 0]],
    ["m1 > 10 OR m2 > 10", [1, 1, 1, 0]],
    ["SUM([m1, m2])", [50, 20, 20, 0]],
    ["AVG([m1, m2])", [25, 10, 10, 0]],
    ["MIN([m1, m2])", [20, 20, 0, 0]],
    ["MAX([m1, m2])", [30, 20, 20, 0]],
    ["STDDEV([m1, m2])", [5, 0, 10, 0]],
    ["SUM(METRICS())", [50, 20, 20, 0]],
    [
      "METRICS() / 10",
      [
        [3, 2, 0, 0],
        [2, null, 2, null],
      ],
    ],
    ["m1 - AVG(m1)", [17.5, 7.5, -12.5, -12.5]],
    ["SUM(m2) + m1", [70, 60, 40, 40]],
    ["MAX(m1) - MIN(m1)", 30],
    ["STDDEV(m2)", 0],
    ["m1 / METRIC_COUNT(METRICS())", [15, 10, 0, 0]],
    ["m1 / PERIOD(m1)", [0.5, 20 / 60, 0, 0]],
    ["TIME_SERIES(7)", [7, 7, 7, 7]],
    ["RATE(m2)", [null, null, 0, null]],
    ["RATE(m1)", [null, -10 / 60, -20 / 60, 0]],
    ["DIFF(m1)", [null, -10, -20, 0]],
    ["DIFF_TIME(m2)", [null, null, 120, null]],
    ["RUNNING_SUM(m2)", [20, null, 40, null]],
    ["FILL(m2, 0)", [20, 0, 20, 0]],
    ["FILL(m2, REPEAT)", [20, 20, 20, 20]],
    ["FILL(m2, m1)", [20, 20, 20, 0]],
    ["FILL(m2, MAX(m1))", [20, 30, 20, 30]],
    [
      "FILL(METRICS(), 1)",
      [
        [30, 20, 0, 0],
        [20, 1, 20, 1],
      ],
    ],
    ["ABS(0 - m1)", [30, 20, 0, 0]],
    ["CEIL(m1 / 7)", [5, 3, 0, 0]],
    ["FLOOR(m1 / 7)", [4, 2, 0, 0]],
    [
      "RATE([m1, m2])",
      [
        [null, -10 / 60, -20 / 60, 0],
        [null, null, 0, null],
      ],
    ],
    ["m1 * 2 ^ 3 ^ 0", [60, 40, 0, 0]],
    ["m1 - 2 - 3", [25, 15, -5, -5]],
    ["m1 + -2 ^ 2", [26, 16, -4, -4]],
    [" m1\n+\t1e1 ", [40, 30, 10, 10]],
  ])("%s", (expression, expected) => {
    expect(shown(math(expression, ids))).toEqual(expected);
  });

  it("METRICS with a string keeps the ids that contain it", () => {
    const expression = 'SUM(METRICS("errors")) / SUM([requests]) * 100';
    expect(shown(math(expression, only("errors_a", "errors_b", "requests")))).toEqual([11, 2, null, 44]);
  });

  it("FILL closes gaps: LINEAR between values, REPEAT after the first", () => {
    expect(shown(math("FILL(gap, LINEAR)", only("gap")))).toEqual([null, 2, 4, 6, 8, null]);
    expect(shown(math("FILL(gap, REPEAT)", only("gap")))).toEqual([null, 2, 2, 2, 8, 8]);
    expect(shown(math("FILL(none, 3)", only("none")))).toEqual([3, 3, 3, 3]);
    expect(shown(math("FILL(none, LINEAR)", only("none")))).toEqual([null, null, null, null]);
  });

  it("`drop` keeps only timestamps that both series have", () => {
    expect(shown(math("m1 + m2", ids, "drop"))).toEqual([50, null, 20, null]);
    expect(shown(math("m1 < m2", ids, "drop"))).toEqual([0, null, 1, null]);
  });

  it("expressions build on expressions", () => {
    expect(shown(math("rate > 1", ids, "zero", { rate: "half / m2", half: "m1 * 2" }))).toEqual([
      1,
      null,
      0,
      null,
    ]);
  });
});

describe("what it cannot evaluate, it names with its column", () => {
  const refused: [string, string, number | undefined][] = [
    ["ANOMALY_DETECTION_BAND(m1, 2)", "ANOMALY_DETECTION_BAND", 1],
    ["m1 + SEARCH('{AWS/EC2}', 'Sum')", "SEARCH", 6],
    ["IF(m1 > 0, HOUR(m1), 0)", "HOUR", 12],
    ["SORT(METRICS(), SUM, DESC)", "SORT", 1],
    ["sum(m1)", "sum", 1],
    ["constructor(m1)", "constructor", 1],
    ["__proto__(m1)", "__proto__", 1],
    ["m1 + m9", "m9", 6],
    ["toString", "toString", 1],
    ["m1 +", "end of expression", 5],
    ["m1 m2", "m2", 4],
    ["(m1", "end of expression", 4],
    ["m1)", ")", 3],
    ["[m1, 3]", "[", 1],
    ["m1 $ 2", "$", 4],
    ['METRICS("a', '"', 9],
    ['"errors"', '"errors"', 1],
    ["METRICS(m1)", "METRICS", 9],
    ["SUM(3)", "SUM", 1],
    ["ABS(3)", "ABS", 1],
    ["SUM()", "SUM", 1],
    ["SUM(m1, m2)", "SUM", 1],
    ["IF(m1)", "IF", 1],
    ["IF([m1], 1, 0)", "IF", 1],
    ["IF(1, 2, 3)", "IF", 1],
    ["FILL(3, 0)", "FILL", 1],
    ["FILL(m1, [m1])", "FILL", 1],
    ["FILL(m1, NEAREST)", "NEAREST", 10],
    ["PERIOD(m1 + 1)", "PERIOD", 1],
    ["TIME_SERIES(m1)", "TIME_SERIES", 1],
    ["METRIC_COUNT(m1)", "METRIC_COUNT", 1],
    ["[m1] + [m2]", "+", 6],
    ["[m1] > 3", ">", 6],
    ["m1 AND", "end of expression", 7],
    ["", "end of expression", 1],
    ["result + 1", "result", 1],
    ["(".repeat(2000), "expression", 201],
    ["-".repeat(2000), "expression", 201],
    ["m1^".repeat(600), "expression", 601],
    [`m1${" ".repeat(2100)}`, "expression", undefined],
  ];
  it.each(refused.map((row) => [title(row[0]), ...row] as const))(
    "%s",
    (_title, expression, what, column) => {
      const value = math(expression);
      expect(value).toMatchObject({ kind: "could-not-evaluate", what });
      expect(value.kind === "could-not-evaluate" && value.column).toBe(column);
    },
  );

  it("spells out a cycle of expressions and does not double without end", () => {
    const value = math("a + 1", METRICS, "zero", { a: "b * 2", b: "result" });
    expect(value).toMatchObject({ what: "result", why: "refers to itself: result -> a -> b -> result" });
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_value, i) => [`x${i}`, i === 0 ? "[m1, m1]" : `[x${i - 1}, x${i - 1}]`]),
    );
    expect(math("SUM(x39)", METRICS, "zero", doubling)).toMatchObject({ what: "[" });
  });
});

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
