import { SERVICE_KEYS } from "../../../contract/services";
import { page } from "../../../instruments/rehearse/html/page";
import { rehearse, rowsWith } from "../../../instruments/rehearse/rehearsal";
import { readScenarios } from "../../../instruments/rehearse/scenario-file";
import { knowledgeOf } from "../../../policies/known";
import { model } from "../../support/synthesized";

const STACKS = [
  ["dev", "essential"],
  ["preprod", "standard"],
  ["prod", "full"],
] as const;

describe.each(STACKS)("our %s stack at the %s tier", (environment, tier) => {
  const rehearsal = rehearse({
    file: `${environment}.json`,
    terraform: model(environment, tier),
    scenarioFile: "shipped",
    scenarios: readScenarios(undefined),
    knowledge: knowledgeOf(environment),
    tier,
    lagSeconds: 60,
  });
  const ids = (...results: Parameters<typeof rowsWith>[1][]) =>
    rowsWith(rehearsal, ...results).map((row) => row.scenario.id);

  test("B1 every alarm goes from OK to ALARM and back", () => {
    const others = rehearsal.alarms.filter((one) => one.verdict.kind !== "fires");
    expect(others.map(({ name, verdict }) => ({ name, verdict }))).toEqual([]);
    expect(rehearsal.alarms.length).toBeGreaterThan(4);
  });

  test("B1 both readings of missing math operands give the same verdicts", () => {
    const differing = rehearsal.alarms.filter(
      ({ verdict }) => verdict.kind === "fires" && verdict.disagreement !== undefined,
    );
    expect(differing.map((one) => one.name)).toEqual([]);
  });

  test("B1 every applicable fault pages", () => {
    expect(ids("undetected", "undecided")).toEqual([]);
    expect(ids("detected").length).toBeGreaterThan(15);
  });

  test("B1 no quiet day pages", () => {
    expect(ids("paged")).toEqual([]);
    expect(ids("quiet").length).toBeGreaterThan(10);
  });

  test("B1 no tier is excused from any fault", () => {
    expect(ids("not-promised")).toEqual([]);
  });

  const pagesOf = (id: string): readonly string[] =>
    rehearsal.rows
      .filter(({ scenario }) => scenario.id === id || scenario.id.startsWith(`${id}:`))
      .flatMap(({ pages }) => [...pages.keys()])
      .map((name) => name.slice(environment.length + 1));

  test.each(["x-ray-denied", "metric-writes-denied", "traces-lost", "canary-stopped"])(
    "E1 CAN-3 %s raises the canary's health, and in larger tiers what it is made of",
    (id) => {
      const expected = tier === "essential" ? [] : ["canary-completeness", "canary-trace-loss"];
      expect(pagesOf(id)).toEqual(expect.arrayContaining(["canary-health", ...expected]));
    },
  );

  test("E1 CAN-8 a heartbeat that stops is heard in the other region, in the tiers that pay for it", () => {
    const heard = pagesOf("metric-writes-denied").includes("canary-heartbeat");
    expect(heard).toBe(tier !== "essential");
  });

  test("IAM-4 DEP-5 R-41 drift of any role and versions that stay mixed page, a deployment of minutes does not", () => {
    if (tier === "essential") return;
    const drifts = rehearsal.rows.filter(({ scenario }) => scenario.id.startsWith("permission-drift:"));
    expect(drifts).toHaveLength(SERVICE_KEYS.length);
    for (const { pages } of drifts) expect([...pages.keys()]).toContain(`${environment}-permission-drift`);
    expect(pagesOf("versions-stay-mixed")).toContain("deployment-version-skew");
    expect(pagesOf("deployment-takes-minutes")).toEqual([]);
  });

  test("A5 the page has the same bytes twice", () => {
    expect(page(rehearsal)).toBe(page(rehearsal));
  });
});
