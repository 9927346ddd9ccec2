import { alarmBudget } from "../../policies/rules/waste/alarm-budget";
import { alarmOnBoard } from "../../policies/rules/waste/alarm-on-board";
import { inputOf } from "./rule-cases";

const outcomes = (budget: number) =>
  alarmBudget.judge({ ...inputOf("hears-topics"), alarmBudget: budget }).map((one) => one.outcome);

test("B2 alarm-budget counts metric and composite alarms of a real plan", () => {
  expect(outcomes(7)).toEqual(["compliant"]);
  expect(outcomes(6)).toEqual(["non-compliant"]);
  expect(alarmBudget.judge(inputOf("hears-topics"))).toEqual([]);
});

test("B2 DSH-1 alarm-on-board tells alarms on a board of a real plan from the others", () => {
  const shown = alarmOnBoard.judge(inputOf("hears-topics")).filter((one) => one.outcome === "compliant");
  const missed = alarmOnBoard.judge(inputOf("hears-topics")).filter((one) => one.outcome === "non-compliant");
  expect(shown.map((one) => one.address)).toEqual(["aws_cloudwatch_metric_alarm.heard"]);
  expect(missed).toHaveLength(6);
});
