import { Reachability } from "../../browser/reachability";
import { retryAfterMs } from "../../browser/retry-after";

test("three failures count when they lie within a minute, and only then", () => {
  let now = 0;
  const changes: boolean[] = [];
  const reachability = new Reachability(
    (reachable) => changes.push(reachable),
    () => now,
  );
  for (const at of [0, 30_000, 60_000, 89_999]) {
    now = at;
    reachability.failed();
    expect(changes).toEqual(at === 89_999 ? [false] : []);
  }
  reachability.succeeded();
  reachability.failed();
  reachability.failed();
  expect(changes).toEqual([false, true]);
});

test("a wait is read from seconds and dates, and from nothing else", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(retryAfterMs("7", now)).toBe(7000);
  expect(retryAfterMs("Thu, 01 Jan 2026 00:00:09 GMT", now)).toBe(9000);
  expect(retryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", now)).toBe(0);
  for (const value of [null, "", "-1", "soon", "1e9", "9".repeat(40)]) {
    expect(retryAfterMs(value, now)).toBeUndefined();
  }
});
