import fc from "fast-check";
import { LONGEST_WINDOW_MS, windowsOf } from "../../../doctor/xray/window";

const HOUR = 3_600_000;
const instant = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const length = fc.oneof(
  fc.integer({ min: 0, max: 30 * 24 * HOUR }),
  fc.constantFrom(0, 1, 6 * HOUR, 12 * HOUR),
);

test("E3 DOC-4 FR-174 every instant of a range lies in exactly one window, and no window is longer than six hours", () => {
  fc.assert(
    fc.property(instant, length, fc.double({ min: 0, max: 1, noNaN: true }), (fromMs, lasts, share) => {
      const range = { fromMs, toMs: fromMs + lasts };
      const windows = windowsOf(range, LONGEST_WINDOW_MS);
      // Half-open and each beginning where the last ended: no gap and no overlap.
      let reached = range.fromMs;
      for (const window of windows) {
        expect(window.fromMs).toBe(reached);
        expect(window.toMs).toBeGreaterThan(window.fromMs);
        expect(window.toMs - window.fromMs).toBeLessThanOrEqual(6 * HOUR);
        reached = window.toMs;
      }
      expect(reached).toBe(range.toMs);
      const moment = Math.floor(fromMs + share * Math.max(0, lasts - 1));
      const holding = windows.filter((one) => one.fromMs <= moment && moment < one.toMs);
      expect(holding).toHaveLength(lasts === 0 ? 0 : 1);
    }),
  );
});

test("E3 a range whose end comes before its start has no window", () => {
  expect(windowsOf({ fromMs: 2, toMs: 1 }, LONGEST_WINDOW_MS)).toEqual([]);
});

test("FR-174 a day is four windows", () => {
  expect(windowsOf({ fromMs: 0, toMs: 24 * HOUR }, LONGEST_WINDOW_MS)).toHaveLength(4);
});
