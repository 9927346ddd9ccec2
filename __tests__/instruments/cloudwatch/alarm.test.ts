import {
  denseSeries,
  evaluateAlarm,
  type MathQuery,
  type MetricAlarm,
  metricKey,
} from "../../../instruments/cloudwatch";
import { alarmOf, dataOf, evaluated, ingested, MINUTE, minutes, REF, T0 } from "./support";

const at = (history: { transitions: readonly { timeMs: number; to: string }[] }) =>
  history.transitions.map(({ timeMs, to }) => [(timeMs - T0) / MINUTE, to]);

const math = (...queries: MathQuery[]): MetricAlarm["signal"] => ({ kind: "math", queries, returns: "e" });
const m: MathQuery = { id: "m", metric: REF, statistic: "Sum" };
const e = (expression: string): MathQuery => ({ id: "e", expression });

describe("periods slide", () => {
  it("a 5-minute alarm looks at minutes 1 to 5, then 2 to 6 (guide, Alarm evaluation)", () => {
    const alarm = alarmOf({ periodSeconds: 300, evaluationPeriods: 1, datapointsToAlarm: 1, threshold: 9 });
    const history = evaluated(alarm, dataOf(minutes([0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0])), 13);
    expect(at(history)).toEqual([
      [1, "OK"],
      [7, "ALARM"],
      [12, "OK"],
    ]);
    expect(history.evaluations).toBe(13);
  });

  it("the guide's 3 of 3 figure: alarm in the third period, OK in the sixth, one breach later is not enough", () => {
    const values = [4, 4, 4, 4, 4, 2, 1, 2, 4, 2, 1, 1];
    const history = evaluated(alarmOf({ threshold: 3, datapointsToAlarm: 3 }), dataOf(minutes(values)), 12);
    expect(at(history)).toEqual([
      [3, "ALARM"],
      [6, "OK"],
    ]);
  });

  it("a 10-second alarm is evaluated every 10 s and misses what minute data cannot tell", () => {
    const alarm = alarmOf({ periodSeconds: 10, evaluationPeriods: 1, datapointsToAlarm: 1 });
    const fine = ingested(
      Array.from({ length: 12 }, (_value, i) => ({ timestamp: T0 + i * 10_000, value: i === 4 ? 9 : 0 })),
      10_000,
    );
    const history = evaluated(alarm, dataOf(fine), 2);
    expect(history.evaluations).toBe(12);
    expect(history.transitions.map(({ timeMs, to }) => [(timeMs - T0) / 1000, to])).toEqual([
      [10, "OK"],
      [50, "ALARM"],
      [60, "OK"],
    ]);
    const coarse = evaluated(alarm, dataOf(minutes([0, 0])), 2);
    expect(coarse.transitions.map(({ to }) => to)).toEqual([
      "OK",
      "INSUFFICIENT_DATA",
      "OK",
      "INSUFFICIENT_DATA",
    ]);
  });

  it("an alarm over more than a day is evaluated on the hour", () => {
    const alarm = alarmOf({
      periodSeconds: 86_400,
      evaluationPeriods: 2,
      datapointsToAlarm: 1,
      treatMissingData: "breaching",
    });
    const history = evaluated(alarm, dataOf(minutes(Array(120).fill(0))), 5 * 1440, {}, T0);
    expect(history.evaluations).toBe(5 * 24);
    expect(history.transitions.every(({ timeMs }) => timeMs % 3_600_000 === 0)).toBe(true);
  });

  it("earlier data counts from the first evaluation", () => {
    const history = evaluated(alarmOf(), dataOf(minutes([9, 9, 9, 0])), 1, {}, T0 + 3 * MINUTE);
    expect(at(history)).toEqual([[4, "ALARM"]]);
  });
});

describe("ingestion lag", () => {
  it("delays detection by the lag, and does not turn late data into silence", () => {
    const values = [0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0];
    const alarm = alarmOf({ evaluationPeriods: 1, datapointsToAlarm: 1, treatMissingData: "breaching" });
    const start = T0 + 3 * MINUTE;
    const options = { initialState: "OK" as const };
    expect(at(evaluated(alarm, dataOf(minutes(values)), 9, options, start))).toEqual([
      [5, "ALARM"],
      [7, "OK"],
    ]);
    const late = evaluated(alarm, dataOf(minutes(values)), 9, { ...options, ingestionLagMs: 61_000 }, start);
    expect(at(late)).toEqual([
      [7, "ALARM"],
      [9, "OK"],
    ]);
  });

  it("FILL sticks to its filler when the newest minute is always late, as the guide warns", () => {
    const alarm = alarmOf({ signal: math(m, e("FILL(m, 0)")), evaluationPeriods: 1, datapointsToAlarm: 1 });
    const data = dataOf(minutes(Array(10).fill(9)));
    expect(at(evaluated(alarm, data, 10))).toEqual([[1, "ALARM"]]);
    expect(at(evaluated(alarm, data, 10, { ingestionLagMs: MINUTE }))).toEqual([[1, "OK"]]);
  });
});

describe("percentiles with few samples", () => {
  const alarm = (lowSample: "evaluate" | "ignore") =>
    alarmOf({ statistic: "p90", evaluationPeriods: 1, datapointsToAlarm: 1, lowSample });
  const data = dataOf(
    ingested([
      { timestamp: T0, values: [1], counts: [100] },
      { timestamp: T0 + MINUTE, values: [9], counts: [99] },
      { timestamp: T0 + 2 * MINUTE, values: [9], counts: [100] },
    ]),
  );
  it("`evaluate` judges any number of samples", () => {
    expect(at(evaluated(alarm("evaluate"), data, 3))).toEqual([
      [1, "OK"],
      [2, "ALARM"],
    ]);
  });
  it("`ignore` waits for 10 / (1 - p) of them", () => {
    expect(at(evaluated(alarm("ignore"), data, 3))).toEqual([
      [1, "OK"],
      [3, "ALARM"],
    ]);
  });
});

describe("metric math alarms", () => {
  const other = { ...REF, name: "Invocations" };
  const both = new Map([
    [metricKey(REF), minutes([0, 5, 5, null, 0])],
    [metricKey(other), minutes([10, 10, null, 10, 10])],
  ]);
  const rate = alarmOf({
    signal: math(m, { id: "n", metric: other, statistic: "Sum" }, e("100 * m / n")),
    threshold: 20,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  });

  it("an error rate: dividing by what is missing drops the datapoint, by the guide's rule", () => {
    expect(at(evaluated(rate, both, 5))).toEqual([
      [1, "OK"],
      [2, "ALARM"],
      [4, "OK"],
    ]);
    expect(at(evaluated(rate, both, 5, { missingOperand: "drop" }))).toEqual([
      [1, "OK"],
      [2, "ALARM"],
      [5, "OK"],
    ]);
  });

  it("an expression that looks along time sees the evaluation range and no more", () => {
    const alarm = alarmOf({
      signal: math(m, e("RUNNING_SUM(m)")),
      threshold: 4,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
    expect(at(evaluated(alarm, dataOf(minutes([1, 1, 1, 1, 1, 1, 1, 1])), 8))).toEqual([[1, "OK"]]);
    expect(at(evaluated(alarm, dataOf(minutes([1, 1, 1, 1, 1, 1])), 6, { extraDatapoints: 4 }))).toEqual([
      [1, "OK"],
      [5, "ALARM"],
    ]);
    const growing = alarmOf({
      signal: math(m, e("RATE(m) * PERIOD(m)")),
      threshold: 2,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
    expect(at(evaluated(growing, dataOf(minutes([1, 2, 3, 9, 10])), 5))).toEqual([
      [2, "OK"],
      [4, "ALARM"],
      [5, "OK"],
    ]);
  });

  it("both ways of evaluating agree: REPEAT over a full series changes nothing", () => {
    const values = Array.from({ length: 60 }, (_value, i) => (i * 7) % 11);
    for (const lag of [0, 1, 2, 5]) {
      for (const periodSeconds of [60, 180]) {
        const history = (expression: string) =>
          evaluated(
            alarmOf({ signal: math(m, e(expression)), periodSeconds, threshold: 8 }),
            dataOf(minutes(values)),
            60,
            {
              ingestionLagMs: lag * MINUTE,
            },
          ).transitions;
        expect(history("m + 0 * RUNNING_SUM(m)")).toEqual(history("m"));
      }
    }
  });

  it.each<[string, MathQuery[], string]>([
    ["a number", [m, e("AVG(m)")], "e"],
    ["an array", [m, e("[m]")], "e"],
    ["an unknown function", [m, e("SEARCH('x', 'Sum')")], "SEARCH"],
    ["an unknown id", [e("q * 2")], "q"],
    ["a doubled id", [m, m, e("m")], "m"],
    ["an unknown statistic", [{ ...m, statistic: "Mode" }, e("m")], "Mode"],
    ["nothing to return", [m], "e"],
    [
      "eleven metrics",
      [...Array.from({ length: 11 }, (_value, i) => ({ ...m, id: `m${i}` })), e("m1")],
      "metrics",
    ],
  ])("%s is refused by name", (_name, queries, what) => {
    const refusal = evaluateAlarm(alarmOf({ signal: math(...queries) }), new Map(), {
      startMs: T0,
      endMs: T0 + MINUTE,
    });
    expect(refusal).toMatchObject({ kind: "could-not-evaluate", what });
  });
});

describe("hostile definitions are refused by name, never thrown", () => {
  const range = { startMs: T0, endMs: T0 + MINUTE };
  it.each<[string, Partial<MetricAlarm> & { statistic?: string }]>([
    ["GreaterThanUpperThreshold", { comparison: "GreaterThanUpperThreshold" }],
    ["toString", { comparison: "toString" }],
    ["threshold", { threshold: Number.NaN }],
    ["period", { periodSeconds: 45 }],
    ["period", { periodSeconds: 3_600, evaluationPeriods: 200, datapointsToAlarm: 1 }],
    ["datapointsToAlarm", { datapointsToAlarm: 4 }],
    ["datapointsToAlarm", { datapointsToAlarm: 0 }],
    ["evaluationPeriods", { evaluationPeriods: 0 }],
    ["evaluationPeriods", { evaluationPeriods: 1.5 }],
    ["never", { treatMissingData: "never" as "missing" }],
    ["p999", { statistic: "p999" }],
  ])("%s", (what, changes) => {
    expect(evaluateAlarm(alarmOf(changes), new Map(), range)).toMatchObject({
      kind: "could-not-evaluate",
      what,
    });
  });
  it.each([
    ["range", { startMs: T0, endMs: T0 - 1 }, {}],
    ["range", { startMs: Number.NaN, endMs: T0 }, {}],
    ["range", { startMs: 0, endMs: T0 }, {}],
    ["ingestionLagMs", range, { ingestionLagMs: -1 }],
    ["ingestionLagMs", range, { ingestionLagMs: Number.NaN }],
    ["extraDatapoints", range, { extraDatapoints: 0.5 }],
  ])("%s %j", (what, over, options) => {
    expect(evaluateAlarm(alarmOf(), new Map(), over, options)).toMatchObject({
      kind: "could-not-evaluate",
      what,
    });
  });
  it("a metric nobody reported is silence", () => {
    expect(evaluated(alarmOf({ treatMissingData: "breaching" }), new Map(), 3).transitions).toMatchObject([
      {
        timeMs: T0 + MINUTE,
        from: "INSUFFICIENT_DATA",
        to: "ALARM",
        reason: expect.stringContaining("- - - - -"),
      },
    ]);
  });
  it("dimensions identify a metric in any order, and exactly", () => {
    const key = (dimensions: Record<string, string>) => metricKey({ ...REF, dimensions });
    expect(key({ a: "1", b: "2" })).toBe(key({ b: "2", a: "1" }));
    expect(key({ a: "1" })).not.toBe(key({ a: "1", b: "2" }));
    expect(key({ a: "1,b=2" })).not.toBe(key({ a: "1", b: "2" }));
  });
});

describe("B5 cost", () => {
  /** Processor seconds for one alarm over this many days. */
  function seconds(days: number, alarm: MetricAlarm): number {
    const values = Float64Array.from({ length: days * 1440 }, (_value, i) => (i * 7919) % 101);
    const data = dataOf(denseSeries(T0, MINUTE, values));
    const before = process.cpuUsage();
    for (let run = 0; run < 3; run++) evaluated(alarm, data, values.length);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }

  it.each([
    ["a sum", 60, alarmOf({ threshold: 1e9, periodSeconds: 300 })],
    ["a long range", 60, alarmOf({ threshold: 1e9, evaluationPeriods: 1440, datapointsToAlarm: 700 })],
    ["an expression along time", 8, alarmOf({ threshold: 1e9, signal: math(m, e("RATE(m)")) })],
  ])("%s: twice the days cost at most 2.2 times, in the best of eight tries", (_name, days, alarm) => {
    seconds(days, alarm);
    let ratio = Infinity;
    // A busy machine disturbs single tries; quadratic growth would be 4 in every one.
    for (let attempt = 0; attempt < 8 && ratio > 2.2; attempt++) {
      ratio = Math.min(ratio, seconds(2 * days, alarm) / seconds(days, alarm));
    }
    expect(ratio).toBeLessThanOrEqual(2.2);
  });
});
