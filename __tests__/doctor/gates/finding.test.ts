import { overall, type Verdict } from "../../../doctor/gates/finding";

test.each<[string, readonly Verdict[], Verdict]>([
  ["nothing looked at", [], "undecided"],
  ["all passed", ["passed", "passed"], "passed"],
  ["something undecided", ["passed", "undecided"], "undecided"],
  ["something failed, whatever is undecided", ["undecided", "failed", "passed"], "failed"],
])("E5 %s", (_, verdicts, expected) => {
  expect(overall(verdicts.map((verdict) => ({ verdict })))).toBe(expected);
});
