import { alarmBudget } from "../../policies/rules/waste/alarm-budget";
import { describeRules, inputOf, type RuleCases } from "./rule-cases";

const UNSHOWN = "no dashboard widget shows";

const CASES: RuleCases = {
  "alarm-on-board": [
    {
      fixture: "hears-topics",
      compliant: ["~heard"],
      nonCompliant: [
        ["~abroad", UNSHOWN],
        ["~aws_key", UNSHOWN],
        ["~filtered", UNSHOWN],
        ["~mute", UNSHOWN],
        ['aws_cloudwatch_composite_alarm.held["right"]', UNSHOWN],
        ['aws_cloudwatch_composite_alarm.held["wrong"]', UNSHOWN],
      ],
      undecided: [],
    },
    {
      // One board is written during apply: it may show what the others do not.
      fixture: "waste-alarms",
      compliant: ['~errors["five"]', '~errors["patient"]', '~errors["ten"]'],
      nonCompliant: [],
      undecided: ['~bill["fifty"]', '~bill["ten"]', '~errors["urgent"]'],
    },
  ],
  "board-widget-matches": [
    {
      fixture: "waste-alarms",
      compliant: ["aws_cloudwatch_dashboard.sound"],
      nonCompliant: [
        [
          "aws_cloudwatch_dashboard.hollow",
          "the alarm long-gone; AWS/Lambda Errors of the function returns, which is not there; Shopping Orders",
        ],
      ],
      undecided: ["aws_cloudwatch_dashboard.later"],
    },
  ],
  "alarm-budget": [
    { fixture: "hears-topics", alarmBudget: 7, compliant: ["alarms"], nonCompliant: [], undecided: [] },
    {
      fixture: "hears-topics",
      alarmBudget: 6,
      compliant: [],
      nonCompliant: [["alarms", "7 alarms"]],
      undecided: [],
    },
  ],
  "duplicate-alarm": [
    {
      // Another severity is another alarm, and rising charges are watched in steps.
      fixture: "waste-alarms",
      compliant: ['~errors["five"]', '~errors["urgent"]'],
      nonCompliant: [
        ['~errors["patient"]', "patient fires only when five already has"],
        ['~errors["ten"]', "ten fires only when five already has"],
      ],
      undecided: [],
    },
  ],
};

describe("alarms and widgets that are wasted", () => {
  describeRules("waste", CASES);

  test("alarm-budget says nothing without a budget", () => {
    expect(alarmBudget.judge(inputOf("hears-topics"))).toEqual([]);
  });
});
