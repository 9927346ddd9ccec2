import { lineOf, overall, report, type Verdict } from "../../../doctor/gates/finding";

test.each<[string, readonly Verdict[], Verdict]>([
  ["nothing looked at", [], "undecided"],
  ["all passed", ["passed", "passed"], "passed"],
  ["something undecided", ["passed", "undecided"], "undecided"],
  ["something failed, whatever is undecided", ["undecided", "failed", "passed"], "failed"],
])("E5 %s", (_, verdicts, expected) => {
  expect(overall(verdicts.map((verdict) => ({ verdict })))).toBe(expected);
});

test("E5 names from a service map or a trace cannot steer the terminal, as text or as JSON", () => {
  const written: string[] = [];
  const terminal = {
    width: 100,
    out: (text: string) => void written.push(text),
    progress: () => undefined,
    paint: (_: unknown, text: string) => text,
  };
  const name = "a\u001b[2J\u009b31m\u202eb";
  const finding = { what: name, found: name, expected: name, verdict: "failed", nextStep: name } as const;
  written.push(lineOf(terminal, finding));
  report(terminal, { gate: "service-map" }, [finding], true);
  for (const text of written) expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});
