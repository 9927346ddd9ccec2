import { fromSynthesized } from "../../../policies/terraform/synthesized";
import { cadenceOf, scheduleSeconds, triggersOf } from "../../../policies/terraform/triggers";

describe("EventBridge schedules", () => {
  test.each([
    ["rate(1 minute)", 60],
    ["rate(5 minutes)", 300],
    ["rate(2 hours)", 7200],
    ["rate(1 day)", 86_400],
    ["cron(* * * * ? *)", 60],
    ["cron(0/15 * * * ? *)", 900],
    ["cron(*/7 * * * ? *)", undefined],
    ["cron(30 * * * ? *)", 3600],
    ["cron(0 0/6 * * ? *)", 21_600],
    ["cron(15 10 * * ? *)", 86_400],
    ["cron(15 10 ? * MON-FRI *)", undefined],
    ["cron(0 9 1 * ? *)", undefined],
    ["at(2026-01-01T00:00:00)", undefined],
    ["", undefined],
  ])("%s runs every %s seconds", (expression, seconds) => {
    expect(scheduleSeconds(expression)).toBe(seconds);
  });
});

describe("what invokes a function", () => {
  const fn = "${aws_lambda_function.f.arn}";
  const stack = (resource: Record<string, Record<string, unknown>>) => {
    const model = fromSynthesized({
      resource: {
        aws_lambda_function: { f: { function_name: "f" }, other: { function_name: "o" } },
        ...resource,
      },
    });
    const [found] = model.resources;
    if (found === undefined) throw new Error("no function");
    return { model, fn: found };
  };

  test.each([
    ["aws_sns_topic_subscription", { protocol: "lambda", endpoint: fn }, "topic"],
    ["aws_lambda_function_url", { function_name: "f" }, "url"],
    [
      "aws_lambda_event_source_mapping",
      { function_name: fn, event_source_arn: "arn:aws:dynamodb:x" },
      "stream",
    ],
    ["aws_lambda_permission", { function_name: fn, principal: "apigateway.amazonaws.com" }, "gateway"],
    ["aws_lambda_permission", { function_name: fn, principal: "s3.amazonaws.com" }, "permission"],
  ])("%s", (type, values, kind) => {
    const { model, fn: target } = stack({ [type]: { x: values } });
    expect(triggersOf(model, target).map((one) => one.kind)).toEqual([kind]);
  });

  test("schedules, switched on and off, directly and through an alias", () => {
    const { model, fn: target } = stack({
      aws_lambda_alias: { live: { name: "live", function_name: "${aws_lambda_function.f.function_name}" } },
      aws_cloudwatch_event_rule: {
        on: { name: "on", schedule_expression: "rate(5 minutes)" },
        off: { name: "off", schedule_expression: "rate(1 minute)", state: "DISABLED" },
        old: { name: "old", schedule_expression: "rate(1 minute)", is_enabled: false },
        other: { name: "elsewhere", schedule_expression: "rate(1 minute)" },
      },
      aws_cloudwatch_event_target: {
        on: { rule: "${aws_cloudwatch_event_rule.on.name}", arn: "${aws_lambda_alias.live.arn}" },
        off: { rule: "off", arn: fn },
        old: { rule: "old", arn: fn },
        other: { rule: "elsewhere", arn: "${aws_lambda_function.other.arn}" },
      },
    });
    expect(triggersOf(model, target).map(({ enabled, everySeconds }) => [enabled, everySeconds])).toEqual([
      [true, 300],
      [false, 60],
      [false, 60],
    ]);
    expect(cadenceOf(model, target)).toBe(300);
  });

  test("nothing", () => {
    const { model, fn: target } = stack({});
    expect(triggersOf(model, target)).toEqual([]);
    expect(cadenceOf(model, target)).toBeUndefined();
  });
});
