import { filterPattern, LOG_EVENTS } from "../../contract/logs";
import { matchesPattern } from "../support/filter-pattern";

describe("the evaluator of generated filter patterns", () => {
  const fallback = filterPattern(LOG_EVENTS.metricFallback);
  const report = filterPattern(LOG_EVENTS.platformReport);

  test.each([
    [fallback, '{"metric_fallback":true}', true],
    [fallback, '{"metric_fallback":"true"}', false],
    [fallback, '{"message":{"metric_fallback":true}}', false],
    [fallback, 'INFO {"metric_fallback":true}', false],
    [report, '{"type":"platform.report","record":{}}', true],
    [report, '{"type":"platform.start"}', false],
  ])("%s on %s: %s", (pattern, line, matches) => {
    expect(matchesPattern(pattern, line)).toBe(matches);
  });

  test("refuses patterns it does not know", () => {
    expect(() => matchesPattern("{ $.a.b > 1 }", "{}")).toThrow(/is none this suite writes/);
  });
});
