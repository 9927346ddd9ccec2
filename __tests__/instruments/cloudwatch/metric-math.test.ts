import { METRICS, math, only, shown } from "./math-support";
import { title } from "./support";

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
