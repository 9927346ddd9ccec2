import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTerraform } from "../../instruments/terraform-file";
import type { EmitterKnowledge } from "../../policies/rules/knowledge";
import { PLAN_RULES } from "../../policies/rules/registry";
import type { Group, Judgement, Rule, RuleInput } from "../../policies/rules/rule";

const FOLDER = join(__dirname, "..", "fixtures", "plans");

/** What one rule must say about one fixture plan; `~` stands for `aws_cloudwatch_metric_alarm.`. */
export interface RuleCase {
  readonly fixture: string;
  /** True when the fixture's knowledge.json is given. */
  readonly knowledge?: boolean;
  /** The most alarms the owner wants. */
  readonly alarmBudget?: number;
  readonly compliant: readonly string[];
  /** Addresses, each with a part of what must be found. */
  readonly nonCompliant: readonly (readonly [address: string, found: string])[];
  readonly undecided: readonly string[];
}

/** Cases by rule id. */
export type RuleCases = Readonly<Record<string, readonly RuleCase[]>>;

/** What a rule gets to see of a fixture plan. */
export function inputOf(fixture: string, withKnowledge = false): RuleInput {
  const terraform = readTerraform(join(FOLDER, fixture, "plan.json"));
  if (!withKnowledge) return { terraform };
  const knowledge = JSON.parse(
    readFileSync(join(FOLDER, fixture, "knowledge.json"), "utf8"),
  ) as EmitterKnowledge;
  return { terraform, knowledge };
}

const short = (address: string) => address.replace("aws_cloudwatch_metric_alarm.", "~");

function having(outcome: Judgement["outcome"], judgements: readonly Judgement[]): readonly string[] {
  return judgements
    .filter((one) => one.outcome === outcome)
    .map((one) => short(one.address))
    .sort();
}

/** The rules of a group that hold for any plan. */
export function rulesOf(group: Group): readonly Rule[] {
  return PLAN_RULES.filter((rule) => rule.group === group);
}

/** One test per case, and one that no rule of the group is without cases of both outcomes. */
export function describeRules(group: Group, cases: RuleCases): void {
  for (const rule of rulesOf(group)) {
    describe(`${rule.id}: ${rule.statement}`, () => {
      test.each(cases[rule.id] ?? [])("B2 $fixture, knowledge: $knowledge", (one) => {
        const budget = one.alarmBudget === undefined ? {} : { alarmBudget: one.alarmBudget };
        const judgements = rule.judge({ ...inputOf(one.fixture, one.knowledge), ...budget });
        expect(having("compliant", judgements)).toEqual([...one.compliant].sort());
        expect(having("non-compliant", judgements)).toEqual(one.nonCompliant.map(([at]) => at).sort());
        expect(having("could-not-evaluate", judgements)).toEqual([...one.undecided].sort());
        for (const [address, found] of one.nonCompliant) {
          const broken = judgements.find((j) => short(j.address) === address);
          expect(broken).toMatchObject({
            found: expect.stringContaining(found),
            expected: expect.stringMatching(/\S/),
            nextStep: expect.stringMatching(/\S/),
          });
        }
      });
    });
  }

  test("B2 every rule of the group has a compliant and a non-compliant resource in a real plan", () => {
    const lacking = rulesOf(group).filter(({ id }) => {
      const own = cases[id] ?? [];
      return !own.some((one) => one.compliant.length > 0) || !own.some((one) => one.nonCompliant.length > 0);
    });
    expect(lacking.map(({ id }) => id)).toEqual([]);
  });
}
