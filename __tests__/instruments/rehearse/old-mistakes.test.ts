import { rehearse } from "../../../instruments/rehearse/rehearsal";
import { readScenarios } from "../../../instruments/rehearse/scenario-file";
import { knowledgeOf } from "../../../policies/known";
import { fromSynthesized } from "../../../policies/terraform/synthesized";
import { synthesize } from "../../support/synthesized";

/** Rehearses our essential stack after one text was replaced in its JSON. */
function withMistake(find: string | RegExp, replace: string) {
  const before = JSON.stringify(synthesize("dev", "essential"));
  const after = before.replaceAll(find, replace);
  if (after === before) throw new Error(`nothing to replace: ${String(find)}`);
  return rehearse({
    file: "dev.json",
    terraform: fromSynthesized(JSON.parse(after)),
    scenarioFile: "shipped",
    scenarios: readScenarios(undefined),
    knowledge: knowledgeOf("dev"),
    tier: "essential",
    lagSeconds: 60,
  });
}

const verdict = (rehearsal: ReturnType<typeof withMistake>, name: string) =>
  rehearsal.alarms.find((one) => one.name === name)?.verdict;

describe("mistakes of the public project, put back", () => {
  test("B1 D4 a namespace without grant: its alarms never get data", () => {
    const rehearsal = withMistake(
      /cloudwatch:namespace(\W+)SentimentAnalyzer\/Reliability/g,
      "cloudwatch:namespace$1Other",
    );
    expect(verdict(rehearsal, "dev-stuck-items")).toMatchObject({ kind: "cannot", reason: "never-arrives" });
  });

  test("B1 a dimension that nobody emits, and missing data is breaching: eight months in ALARM", () => {
    const rehearsal = withMistake(
      '"dimensions":{"Environment":"dev"},"evaluation_periods":6',
      '"dimensions":{"Stage":"dev"},"evaluation_periods":6',
    );
    expect(verdict(rehearsal, "dev-no-new-items")).toMatchObject({
      kind: "cannot",
      reason: "rests-in-alarm",
    });
  });

  test("B1 D7 alarms without an action: faults go unnoticed", () => {
    const rehearsal = withMistake(/"alarm_actions":\[[^\]]*\]/g, '"alarm_actions":[]');
    const unnoticed = rehearsal.rows.filter((row) => row.result === "undetected");
    expect(unnoticed.length).toBeGreaterThan(15);
  });

  test("B1 a stopped schedule leaves metrics that nobody writes", () => {
    const rehearsal = withMistake(
      '"schedule_expression":"rate(1 minute)"',
      '"schedule_expression":"rate(1 minute)","state":"DISABLED"',
    );
    expect(verdict(rehearsal, "dev-emission-heartbeat")).toMatchObject({
      kind: "cannot",
      reason: "rests-in-alarm",
    });
  });
});
