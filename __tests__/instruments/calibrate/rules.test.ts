import {
  latencyThreshold,
  levelThreshold,
  percentile,
  roundedUp,
  tooLittle,
} from "../../../instruments/calibrate/rules";
import type { MetricAlarm } from "../../../instruments/cloudwatch";

const ALARM: MetricAlarm = {
  name: "prod-analysis-latency-warning",
  signal: { kind: "metric", metric: { namespace: "n", name: "m", dimensions: {} }, statistic: "Sum" },
  comparison: "GreaterThanThreshold",
  threshold: 2,
  periodSeconds: 300,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "missing",
};
const HUNDRED = Array.from({ length: 100 }, (_, i) => i + 1);
const seen = (count: number, periods: number, days: number) => ({
  values: new Array<number>(count).fill(1),
  periods,
  days,
  startMs: 0,
  endMs: 0,
});

describe("ALM-5 thresholds from a baseline", () => {
  test("a percentile is the nearest rank", () => {
    expect([50, 95, 99.9, 0].map((rank) => percentile(HUNDRED, rank))).toEqual([50, 95, 100, 1]);
    expect(percentile([], 95)).toBeNaN();
  });

  test.each([
    [0, 0],
    [7, 7],
    [100, 100],
    [101, 110],
    [3421, 3500],
    [0.0123, 0.013],
    [2.5, 2.5],
    [0.29, 0.29],
  ])("%p is rounded up to %p", (value, expected) => expect(roundedUp(value)).toBe(expected));

  test("latency is twice the p95", () => {
    expect(latencyThreshold(HUNDRED, undefined)).toEqual({
      threshold: 190,
      why: "2 x p95 of the baseline, 95 (ALM-5)",
    });
  });

  test("latency is never above 0.9 of the timeout", () => {
    const { threshold, why } = latencyThreshold(HUNDRED, { value: 100, why: "the timeout" });
    expect(threshold).toBe(90);
    expect(why).toContain("capped to 0.9 x 100: the timeout");
  });

  test("a count is raised to what the baseline reaches, above it where equal breaches", () => {
    expect(levelThreshold(ALARM, HUNDRED).threshold).toBe(100);
    const equal = { ...ALARM, comparison: "GreaterThanOrEqualToThreshold" };
    expect(levelThreshold(equal, HUNDRED).threshold).toBe(101);
  });

  test("a quiet baseline lowers no count", () => {
    expect(levelThreshold(ALARM, [0, 0, 0])).toMatchObject({ threshold: 2 });
  });

  test("too little data is named by its amounts", () => {
    expect(tooLittle(ALARM, seen(212, 212, 0.74))).toBe(
      "212 of at least 1916 datapoints, 0.7 of at least 7 days",
    );
    expect(tooLittle(ALARM, seen(2016, 4032, 14))).toContain("2016 of at least 3831 datapoints");
    expect(tooLittle(ALARM, seen(1916, 2016, 7))).toBeUndefined();
  });
});
