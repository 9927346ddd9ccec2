import { alarmsIn, nameOf } from "../../policies/rules/alarms";
import { compositesIn } from "../../policies/rules/composites";
import type { RuleInput } from "../../policies/rules/rule";
import type { Resource } from "../../policies/terraform/model";
import { namesOf, REGISTER, type RegisterVerdict } from "./register-verdicts";
import { inputOf, rulesOf } from "./rule-cases";

const RULES = rulesOf("cannot-fire");

/** What the rules against alarms that cannot fire say, in the words of the register; `undecided` when they cannot. */
function verdictsOf(input: RuleInput): ReadonlyMap<string, RegisterVerdict | "undecided"> {
  const judgements = RULES.flatMap((rule) =>
    rule.judge(input).map((one) => ({ ...one, severity: rule.severity })),
  );
  const composites = compositesIn(input.terraform);
  const verdict = (alarm: Resource): RegisterVerdict | "undecided" => {
    const own = judgements.filter((one) => one.address === alarm.address);
    const broken = own.filter((one) => one.outcome === "non-compliant");
    const composite = composites.some((one) => one.resource.address === alarm.address);
    if (broken.some((one) => one.severity === "error"))
      return alarm.values["treat_missing_data"] === "breaching" ? "stuck" : "never";
    if (own.some((one) => one.outcome === "could-not-evaluate")) return "undecided";
    if (broken.length > 0) return composite ? "partly" : "crashes";
    return "fires";
  };
  return new Map(alarmsIn(input.terraform).map((alarm) => [nameOf(alarm), verdict(alarm)]));
}

describe("B3 the alarm register of the original application", () => {
  const byPlan = verdictsOf(inputOf("register"));
  const byKnowledge = verdictsOf(inputOf("register", true));

  test("the fixture has every alarm of the register and no other", () => {
    expect([...byPlan.keys()].sort()).toEqual(REGISTER.flatMap(namesOf).sort());
  });

  test.each(REGISTER.map((row) => [row.alarms.join(", "), row] as const))("B3 %s", (_, row) => {
    const expected = row.decidedBy === "plan" ? row.verdict : "undecided";
    for (const name of namesOf(row)) {
      expect([name, byPlan.get(name)]).toEqual([name, expected]);
      expect([name, byKnowledge.get(name)]).toEqual([name, row.verdict]);
    }
  });

  test("with knowledge no alarm is left undecided by any rule", () => {
    const open = RULES.flatMap((rule) =>
      rule
        .judge(inputOf("register", true))
        .filter((one) => one.outcome === "could-not-evaluate")
        .map((one) => `${rule.id} ${one.address}`),
    );
    expect(open).toEqual([]);
  });

  test("25 of 66 alarms fire as they are meant to; the plan alone decides 45", () => {
    const count = (verdict: string) => [...byKnowledge.values()].filter((one) => one === verdict).length;
    const undecided = [...byPlan.values()].filter((one) => one === "undecided").length;
    expect({
      alarms: byPlan.size,
      fires: count("fires"),
      crashes: count("crashes"),
      never: count("never"),
      stuck: count("stuck"),
      partly: count("partly"),
      needKnowledge: undecided,
    }).toEqual({ alarms: 66, fires: 25, crashes: 12, never: 25, stuck: 3, partly: 1, needKnowledge: 21 });
  });
});
