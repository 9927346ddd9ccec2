import fc from "fast-check";
import { type Datapoint, denseSeries, type MetricSeries } from "../../../instruments/cloudwatch";
import { onGrid } from "../../../instruments/cloudwatch/series";
import { ingested, MINUTE, RUNS, T0 } from "./support";

describe("a series on another grid", () => {
  it("a minute metric on ten-second slots answers once in six; ten-second data merges into a minute", () => {
    const grid = { startMs: T0, slotMs: 10_000, length: 12 };
    const fine = onGrid(denseSeries(T0, MINUTE, Float64Array.of(7, 8)), grid);
    expect([...fine.sum].map((value) => (Number.isNaN(value) ? "-" : value)).join("")).toBe("7-----8-----");
    const coarse = onGrid(
      ingested(
        [0, 10, 20, 70].map((s) => ({ timestamp: T0 + s * 1000, value: s })),
        10_000,
      ),
      {
        startMs: T0,
        slotMs: MINUTE,
        length: 2,
      },
    );
    expect([...coarse.sum]).toEqual([30, 70]);
    expect(coarse.detail?.sampleStart).toEqual(Uint32Array.of(0, 3, 4));
  });

  /** Everything known of a slot. */
  function slot({ sum, detail }: MetricSeries, i: number): object {
    const missing = Number.isNaN(sum[i] ?? Number.NaN);
    if (missing || detail === undefined) return { sum: missing ? undefined : sum[i] };
    const samples = [detail.sampleStart[i], detail.sampleStart[i + 1]] as const;
    return {
      sum: sum[i],
      count: detail.count[i],
      min: detail.min[i],
      max: detail.max[i],
      values: [...detail.sampleValue.subarray(...samples)],
      weights: [...detail.sampleWeight.subarray(...samples)],
    };
  }

  const at = fc.integer({ min: 0, max: 9 }).map((minute) => T0 + minute * MINUTE);
  const datapoint: fc.Arbitrary<Datapoint> = fc.oneof(
    fc.record({ timestamp: at, values: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }) }),
    fc.record({
      timestamp: at,
      statisticSet: fc.constant({ sampleCount: 2, sum: 3, minimum: 1, maximum: 2 }),
    }),
  );

  it("property: on the same slots begun elsewhere every slot keeps all that is known of it", () => {
    fc.assert(
      fc.property(
        fc.array(datapoint, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: -12, max: 12 }),
        fc.integer({ min: 1, max: 24 }),
        (datapoints, offset, length) => {
          const series = ingested(datapoints);
          const moved = onGrid(series, { startMs: series.startMs + offset * MINUTE, slotMs: MINUTE, length });
          const slots = Array.from({ length }, (_, i) => i);
          expect(slots.map((i) => slot(moved, i))).toEqual(slots.map((i) => slot(series, i + offset)));
          const opaque = datapoints.flatMap((one) => ("values" in one ? [] : [one.timestamp]));
          const inside = opaque
            .map((time) => (time - moved.startMs) / MINUTE)
            .filter((i) => i >= 0 && i < length);
          expect(moved.detail?.opaqueSlot ?? -1).toBe(inside.length === 0 ? -1 : Math.min(...inside));
        },
      ),
      RUNS,
    );
  });
});
