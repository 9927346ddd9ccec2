import { dimensionNamesResource } from "../../policies/rules/cannot-fire/dimension-names-resource";
import { functionInvoked } from "../../policies/rules/cannot-fire/function-invoked";
import { thresholdReachable } from "../../policies/rules/cannot-fire/threshold-reachable";
import { fromSynthesized } from "../../policies/terraform/synthesized";

const ALARM = { evaluation_periods: 1, comparison_operator: "GreaterThanThreshold", threshold: 5 };
const ERRORS = {
  namespace: "AWS/Lambda",
  metric_name: "Errors",
  dimensions: { FunctionName: "f" },
  period: 300,
};

/** A function that runs every five minutes and an alarm on more errors than that gives. */
function scheduled(more: object = {}) {
  return {
    aws_iam_role: { f: { name: "f" } },
    aws_lambda_function: { f: { function_name: "f", role: "${aws_iam_role.f.arn}" } },
    aws_cloudwatch_event_rule: { f: { name: "f", schedule_expression: "rate(5 minutes)" } },
    aws_cloudwatch_event_target: { f: { rule: "f", arn: "${aws_lambda_function.f.arn}" } },
    aws_cloudwatch_metric_alarm: { f: { ...ALARM, ...ERRORS, statistic: "Sum" } },
    ...more,
  };
}

function outcomes(rule: typeof thresholdReachable, resource: object) {
  return rule.judge({ terraform: fromSynthesized({ resource }) }).map((one) => one.outcome);
}

describe("rules say nothing they cannot know", () => {
  test("runs are counted only while nothing but schedules starts the function", () => {
    const caller = {
      role: "f",
      policy: JSON.stringify({
        Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" }],
      }),
    };
    const url = { function_name: "f", authorization_type: "NONE" };
    expect(outcomes(thresholdReachable, scheduled())).toEqual(["non-compliant"]);
    expect(outcomes(thresholdReachable, scheduled({ aws_iam_role_policy: { f: caller } }))).toEqual([]);
    expect(outcomes(thresholdReachable, scheduled({ aws_lambda_function_url: { f: url } }))).toEqual([]);
  });

  test("a schedule that is off starts nothing, and one that might be started is undecided", () => {
    const off = { f: { name: "f", schedule_expression: "rate(5 minutes)", state: "DISABLED" } };
    const admits = {
      f: { function_name: "f", principal: "events.amazonaws.com", source_arn: "arn:aws:events:::rule/x" },
    };
    expect(outcomes(functionInvoked, scheduled())).toEqual(["compliant"]);
    expect(outcomes(functionInvoked, scheduled({ aws_cloudwatch_event_rule: off }))).toEqual([
      "non-compliant",
    ]);
    const open = scheduled({ aws_cloudwatch_event_rule: off, aws_lambda_permission: admits });
    expect(outcomes(functionInvoked, open)).toEqual(["could-not-evaluate"]);
  });

  test("metrics of another account are undecided, whatever has the same name here", () => {
    const query = [
      { id: "e", account_id: "111122223333", return_data: true, metric: { ...ERRORS, stat: "Sum" } },
    ];
    const resource = scheduled({ aws_cloudwatch_metric_alarm: { f: { ...ALARM, metric_query: query } } });
    expect(outcomes(dimensionNamesResource, resource)).toEqual(["could-not-evaluate"]);
    expect(outcomes(thresholdReachable, resource)).toEqual([]);
    expect(outcomes(functionInvoked, resource)).toEqual([]);
  });
});
