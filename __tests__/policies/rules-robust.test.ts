import { PLAN_RULES } from "../../policies/rules/registry";
import { fromSynthesized } from "../../policies/terraform/synthesized";
import { inputOf, rulesOf } from "./rule-cases";

const ODD = [
  null,
  true,
  -1,
  0,
  1e308,
  "",
  "${",
  "${aws_x_y.z.arn}",
  "p",
  [],
  [null],
  [[]],
  {},
  { a: null },
  "%",
  "{",
];

const TYPES = [
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_log_metric_filter",
  "aws_lambda_function",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_event_target",
  "aws_sqs_queue",
];

const ATTRIBUTES = [
  "alarm_name alarm_rule namespace metric_name dimensions statistic extended_statistic period evaluation_periods",
  "datapoints_to_alarm threshold threshold_metric_id comparison_operator treat_missing_data metric_query pattern",
  "metric_transformation log_group_name function_name role timeout memory_size dead_letter_config name policy rule arn",
]
  .join(" ")
  .split(" ");

describe("rules on plans nobody wrote like that", () => {
  test.each(ODD.map((odd) => [JSON.stringify(odd), odd] as const))(
    "no rule throws when everything is %s",
    (_, odd) => {
      const values = Object.fromEntries(ATTRIBUTES.map((key) => [key, odd]));
      const query = { metric_query: [{ id: odd, expression: odd, metric: [values], return_data: odd }, odd] };
      const resource = Object.fromEntries(
        TYPES.map((type) => [type, { one: values, two: { ...values, ...query } }]),
      );
      const terraform = fromSynthesized({ resource });
      for (const rule of PLAN_RULES) {
        expect(Array.isArray(rule.judge({ terraform }))).toBe(true);
        expect(Array.isArray(rule.judge({ terraform, knowledge: { functions: {} } }))).toBe(true);
      }
    },
  );

  test("a rule that looks at one alarm says at most one thing about it", () => {
    for (const rule of [...rulesOf("cannot-fire"), ...rulesOf("lies")]) {
      const addresses = rule.judge(inputOf("fires-functions")).map((one) => one.address);
      expect(new Set(addresses).size).toBe(addresses.length);
    }
  });
});
