import { ROLLBACK_MEASURES, ROLLBACK_PERIOD_SECONDS, type RollbackMeasure } from "../../../contract/rollback";
import { judgeAfterwards, judgeTriggers } from "../../../doctor/rollback/evaluate";
import type { Observed } from "../../../doctor/rollback/observed";

const PERIOD_MS = ROLLBACK_PERIOD_SECONDS * 1000;

const WELL: Readonly<Record<RollbackMeasure, readonly number[]>> = {
  "cold-start": [900, 1100, 1000],
  errors: [0, 0, 0],
  memory: [40, 41, 40],
  completeness: [100, 100, 100],
};

/** The newest reading is of the last whole period. */
function observed(
  change: Partial<Record<RollbackMeasure, readonly number[]>> = {},
  lateness: Partial<Record<RollbackMeasure, number>> = {},
): Observed {
  const until = 100 * PERIOD_MS;
  const all = { ...WELL, ...change };
  const entries = ROLLBACK_MEASURES.map((measure) => [
    measure,
    all[measure].map((value, index) => ({
      at: until - (all[measure].length - index + (lateness[measure] ?? 0)) * PERIOD_MS,
      value,
    })),
  ]);
  return { until, readings: Object.fromEntries(entries) as Observed["readings"] };
}

const verdicts = (findings: ReturnType<typeof judgeTriggers>) =>
  Object.fromEntries(findings.map(({ measure, verdict }) => [measure, verdict]));

test("DEP-4 a well release stays", () => {
  expect(Object.values(verdicts(judgeTriggers(observed())))).toEqual(Array(4).fill("passed"));
});

test.each<[RollbackMeasure, readonly number[], string]>([
  ["cold-start", [3001, 3001, 3001], "failed"],
  ["cold-start", [3001, 3000, 3001], "passed"],
  ["cold-start", [9000, 9000, 9000, 2000], "passed"],
  ["cold-start", [9000, 9000], "undecided"],
  ["errors", [5.1, 5.1], "failed"],
  ["errors", [5, 50], "passed"],
  ["errors", [0, 50, 50], "failed"],
  ["errors", [50], "undecided"],
  ["memory", [90.5, 91, 99], "failed"],
  ["memory", [91, 90, 91], "passed"],
  ["completeness", [79.9, 60], "failed"],
  ["completeness", [80, 60], "passed"],
  ["completeness", [], "undecided"],
])("DEP-4 %s %j: %s", (measure, values, verdict) => {
  expect(verdicts(judgeTriggers(observed({ [measure]: values })))).toMatchObject({ [measure]: verdict });
});

test("DEP-4 the newest periods decide, in whatever order they come", () => {
  const { until, readings } = observed({ errors: [0, 0, 50, 50] });
  const errors = [...readings.errors].reverse();
  expect(verdicts(judgeTriggers({ until, readings: { ...readings, errors } }))).toMatchObject({
    errors: "failed",
  });
});

test.each<[RollbackMeasure, number, string]>([
  ["completeness", 2, "passed"],
  ["completeness", 3, "undecided"],
  ["memory", 2, "passed"],
  ["memory", 40, "undecided"],
  ["cold-start", 40, "passed"],
])("DEP-4 %s last told of %d periods ago: %s", (measure, periods, verdict) => {
  const late = observed({}, { [measure]: periods });
  expect(verdicts(judgeTriggers(late))).toMatchObject({ [measure]: verdict });
});

test.each<[RollbackMeasure, readonly number[], string]>([
  ["cold-start", [1499, 1499, 1499], "passed"],
  ["cold-start", [1499, 1500, 1499], "failed"],
  ["cold-start", [1499, 1499], "undecided"],
  ["cold-start", [9000, 9000], "undecided"],
  ["cold-start", [9000, 1000, 1000, 1000], "failed"],
  ["errors", [0.09, 0.09], "passed"],
  ["errors", [0.1, 0], "failed"],
  ["memory", [69, 69, 69], "passed"],
  ["memory", [70], "failed"],
  ["memory", [69], "undecided"],
])("DEP-4 afterwards, %s %j: %s", (measure, values, verdict) => {
  const findings = verdicts(judgeAfterwards(observed({ [measure]: values })));
  expect(findings).toMatchObject({ [measure]: verdict });
  expect(findings).not.toHaveProperty("completeness");
});
