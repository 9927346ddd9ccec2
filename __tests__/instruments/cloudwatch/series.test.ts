import fc from "fast-check";
import { type Datapoint, denseSeries, seriesFrom } from "../../../instruments/cloudwatch";
import {
  alignDown,
  cadenceMs,
  checkPeriod,
  finestRetainedPeriod,
} from "../../../instruments/cloudwatch/period";
import { parseStatistic, samplesWanted } from "../../../instruments/cloudwatch/statistic";
import { windows } from "../../../instruments/cloudwatch/window";
import { ingested, MINUTE, RUNS, T0 } from "./support";

/** The statistic of all samples, as one window. */
function over(name: string, samples: readonly number[], counts?: readonly number[]): number | string {
  const statistic = parseStatistic(name);
  if (statistic.kind === "could-not-evaluate") return statistic.why;
  const datum = { timestamp: T0, values: samples, ...(counts === undefined ? {} : { counts }) };
  const answer = windows(ingested([datum]), statistic, name, 1);
  return "kind" in answer ? answer.why : (answer.value[0] as number);
}

const HUNDRED = Array.from({ length: 100 }, (_value, i) => i + 1);

describe("statistics", () => {
  it.each([
    ["SampleCount", 100],
    ["Sum", 5050],
    ["Average", 50.5],
    ["Minimum", 1],
    ["Maximum", 100],
    ["p0", 1],
    ["p50", 50],
    ["p99", 99],
    ["p99.9", 100],
    ["p100", 100],
    ["tm90", 45.5],
    ["TM(:90%)", 45.5],
    ["TM(10%:90%)", 50.5],
    ["TM(20:40)", 30.5],
    ["tc90", 90],
    ["TC(20:40)", 20],
    ["TC(500:600)", 0],
    ["ts90", 4095],
    ["TS(80%:)", 1810],
    ["wm90", (4095 + 10 * 90) / 100],
    ["WM(10%:90%)", 50.5],
    ["WM(20:40)", (20 * 20 + 610 + 60 * 40) / 100],
    ["PR(:30)", 30],
    ["PR(10:30)", 20],
    ["PR(90:)", 10],
    ["IQM", 50.5],
  ])("%s of 1 to 100 is %d", (name, expected) => {
    expect(over(name, HUNDRED)).toBeCloseTo(expected, 9);
  });

  it("counts stand for repeated values", () => {
    expect(over("p50", [1, 5], [9, 1])).toBe(1);
    expect(over("Average", [1, 5], [3, 1])).toBe(2);
    expect(over("TC(1:)", [1, 5], [3, 4])).toBe(4);
  });

  it("a trimmed mean without a value in bounds is no datapoint", () => {
    expect(over("TM(500:600)", HUNDRED)).toBeNaN();
  });

  it.each([
    "p101",
    "p-1",
    "pp9",
    "p99.12345678901",
    "sum",
    "Median",
    "TM(:)",
    "TM(10%:20)",
    "TM(%:5)",
    "PR(10%:20%)",
    "TM(9:3)",
    "TC(:120%)",
    "toString",
    "",
  ])("%p is refused by name", (name) => {
    expect(parseStatistic(name)).toMatchObject({ kind: "could-not-evaluate", what: name });
  });

  it.each([
    ["p99", 1000],
    ["p90", 100],
    ["p50", 20],
    ["p10", 100],
    ["p0", 0],
    ["p100", 0],
    ["Sum", 0],
  ])("%s needs %d samples to mean something", (name, expected) => {
    const statistic = parseStatistic(name);
    expect(statistic.kind === "could-not-evaluate" ? undefined : samplesWanted(statistic)).toBeCloseTo(
      expected,
      9,
    );
  });

  it("B4 a percentile lies between minimum and maximum and rises with its rank", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        (samples, a, b) => {
          const [low, high] = [Math.min(a, b) / 10, Math.max(a, b) / 10];
          const at = (rank: number) => over(`p${rank}`, samples) as number;
          expect(at(low)).toBeGreaterThanOrEqual(Math.min(...samples));
          expect(at(high)).toBeLessThanOrEqual(Math.max(...samples));
          expect(at(high)).toBeGreaterThanOrEqual(at(low));
        },
      ),
      RUNS,
    );
  });

  it("B4 TM x TC is TS, and winsorizing stays between the edges", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 49 }),
        (samples, cut) => {
          const bounds = `(${cut}%:${100 - cut}%)`;
          const product = (over(`TM${bounds}`, samples) as number) * (over(`TC${bounds}`, samples) as number);
          expect(product).toBeCloseTo(over(`TS${bounds}`, samples) as number, 6);
          const winsorized = over(`WM${bounds}`, samples) as number;
          expect(winsorized).toBeGreaterThanOrEqual(Math.min(...samples) - 1e-9);
          expect(winsorized).toBeLessThanOrEqual(Math.max(...samples) + 1e-9);
        },
      ),
      RUNS,
    );
  });

  it("a statistic set has no percentile unless all its values are equal", () => {
    const set = (sum: number, minimum: number, maximum: number) =>
      ingested([{ timestamp: T0, statisticSet: { sampleCount: 4, sum, minimum, maximum } }]);
    const p50 = parseStatistic("p50");
    if (p50.kind === "could-not-evaluate") throw new Error("p50");
    expect(windows(set(10, 1, 4), p50, "p50", 1)).toMatchObject({ kind: "could-not-evaluate", what: "p50" });
    expect(windows(set(8, 2, 2), p50, "p50", 1)).toMatchObject({ value: Float64Array.of(2) });
  });

  it("negative values have no percentile", () => {
    expect(over("p50", [-1, 2])).toMatch(/negative/);
    expect(over("Sum", [-1, 2])).toBe(1);
  });
});

describe("ingestion", () => {
  const bad: [string, unknown, string][] = [
    ["NaN", { timestamp: T0, value: Number.NaN }, "not-finite"],
    ["Infinity", { timestamp: T0, value: Infinity }, "not-finite"],
    ["a string", { timestamp: T0, value: "7" }, "not-finite"],
    ["a value beyond 2^360", { timestamp: T0, value: 2 ** 361 }, "out-of-range"],
    ["a NaN timestamp", { timestamp: Number.NaN, value: 1 }, "timestamp"],
    ["a negative timestamp", { timestamp: -1, value: 1 }, "timestamp"],
    ["a fractional timestamp", { timestamp: 0.5, value: 1 }, "timestamp"],
    ["NaN in values", { timestamp: T0, values: [1, Number.NaN] }, "not-finite"],
    ["no values", { timestamp: T0, values: [] }, "shape"],
    ["unequal counts", { timestamp: T0, values: [1], counts: [1, 2] }, "counts"],
    ["a zero count", { timestamp: T0, values: [1], counts: [0] }, "counts"],
    [
      "an inverted set",
      { timestamp: T0, statisticSet: { sampleCount: 1, sum: 1, minimum: 2, maximum: 1 } },
      "statistic-set",
    ],
    [
      "an empty set",
      { timestamp: T0, statisticSet: { sampleCount: 0, sum: 0, minimum: 0, maximum: 0 } },
      "statistic-set",
    ],
    [
      "a NaN sum",
      { timestamp: T0, statisticSet: { sampleCount: 1, sum: Number.NaN, minimum: 0, maximum: 0 } },
      "not-finite",
    ],
    ["no value at all", { timestamp: T0 }, "shape"],
    ["null", null, "shape"],
    ["a span of centuries", { timestamp: T0 * 5, value: 1 }, "too-long"],
  ];
  it.each(bad)("%s is refused with index and timestamp", (_name, datum, type) => {
    const error = seriesFrom([{ timestamp: T0, value: 1 }, datum as Datapoint]);
    expect(error).toMatchObject({ kind: "series-error", type, index: 1 });
    expect(error.kind === "series-error" && error.message).toContain("datapoint 1");
  });

  it("merges duplicated timestamps and takes any order, as CloudWatch does", () => {
    const data: Datapoint[] = [
      { timestamp: T0 + MINUTE, value: 4 },
      { timestamp: T0, value: 1 },
      { timestamp: T0, value: 3 },
      { timestamp: T0 + 30_000, statisticSet: { sampleCount: 2, sum: 4, minimum: 2, maximum: 2 } },
    ];
    const series = ingested(data);
    expect([...series.sum]).toEqual([8, 4]);
    expect(series.detail?.count).toEqual(Float64Array.of(4, 1));
    expect(ingested([...data].reverse())).toEqual(series);
  });

  it("keeps one number a slot while every slot has one sample", () => {
    const series = ingested([
      { timestamp: T0 + 5, value: 1 },
      { timestamp: T0 + 2 * MINUTE, value: 2 },
    ]);
    expect(series).toMatchObject({ startMs: T0, slotMs: MINUTE, detail: undefined });
    expect([...series.sum]).toEqual([1, Number.NaN, 2]);
  });

  it("an empty list is a series without data", () => {
    expect(ingested([]).sum).toHaveLength(0);
  });

  it("dense series refuse infinities and starts off the grid", () => {
    expect(() => denseSeries(T0, MINUTE, Float64Array.of(1, Infinity))).toThrow("values[1] is Infinity");
    expect(() => denseSeries(T0 + 1, MINUTE, Float64Array.of(1))).toThrow("not a multiple");
  });
});

describe("periods", () => {
  it.each([0, -60, 5, 15, 45, 61, 90.5, Number.NaN])("%d s is refused", (seconds) => {
    expect(checkPeriod(seconds, 1)).toMatchObject({ kind: "could-not-evaluate", what: "period" });
  });
  it.each([
    [10, 1, true],
    [60, 1440, true],
    [60, 1441, false],
    [3600, 168, true],
    [3600, 169, false],
  ])("%i s x %i within CloudWatch's limits: %p", (seconds, n, fits) => {
    expect(checkPeriod(seconds, n) === undefined).toBe(fits);
  });
  it("evaluates every 10 s, minute or hour", () => {
    expect([cadenceMs(30, 1), cadenceMs(300, 5), cadenceMs(86_400, 1), cadenceMs(86_400, 2)]).toEqual([
      10_000, 60_000, 60_000, 3_600_000,
    ]);
  });
  it("aligns to epoch multiples and knows what is retained", () => {
    expect(alignDown(T0 + 61_000, MINUTE)).toBe(T0 + MINUTE);
    const day = 86_400_000;
    expect([day / 24, day, 16 * day, 64 * day, 500 * day].map(finestRetainedPeriod)).toEqual([
      1,
      60,
      300,
      3600,
      undefined,
    ]);
  });
});
