import type { Reason } from "../../../instruments/rehearse/search/verdict";
import type { JsonObject } from "../../../policies/terraform/model";
import { customAlarm, job, lambdaAlarm, merged, rehearsed, stack, worker } from "./stack";

const verdictOf = (parts: readonly JsonObject[], ...alarms: readonly JsonObject[]) =>
  rehearsed(stack(parts, ...alarms)).alarms.at(-1)?.verdict;

const p95 = { extended_statistic: "p95", statistic: undefined };
const less = { comparison_operator: "LessThanThreshold", threshold: 1 };

function composite(name: string, rest: JsonObject): JsonObject {
  const actions = { alarm_actions: ["arn:aws:sns:eu-west-1:123456789012:alarms"] };
  return { aws_cloudwatch_composite_alarm: { [name]: { alarm_name: name, ...actions, ...rest } } };
}

describe("an alarm that can fire", () => {
  test("B1 is taken from OK to ALARM and back by the smallest series", () => {
    expect(verdictOf([job()], lambdaAlarm("throttled", "Throttles"))).toMatchObject({
      kind: "fires",
      detectSeconds: 120,
      cause: "Throttles is 1 for a minute",
    });
  });

  test("B1 needs its emitter's runs: five minutes apart, three periods", () => {
    const slow = lambdaAlarm("slow", "Duration", { ...p95, threshold: 24_000, evaluation_periods: 3 });
    const verdict = verdictOf([job("rate(5 minutes)")], slow);
    expect(verdict).toMatchObject({ kind: "fires", cause: "Duration is 24001 for 15 minutes" });
  });

  test("B1 fires when proof of life stops", () => {
    const alive = customAlarm("alive", "Alive", { ...less, treat_missing_data: "breaching" });
    expect(verdictOf([job()], alive)).toMatchObject({
      kind: "fires",
      cause: expect.stringContaining("Alive stops arriving"),
    });
  });

  test("B1 metric math needs both of its metrics", () => {
    const metric = (id: string, name: string) => ({
      id,
      metric: {
        namespace: "AWS/Lambda",
        metric_name: name,
        dimensions: { FunctionName: "worker" },
        stat: "Sum",
        period: 300,
      },
    });
    const share = {
      metric_name: undefined,
      namespace: undefined,
      statistic: undefined,
      period: undefined,
      threshold: 5,
      metric_query: [
        { id: "share", expression: "100 * failed / runs", return_data: true },
        metric("failed", "Errors"),
        metric("runs", "Invocations"),
      ],
    };
    expect(verdictOf([worker()], lambdaAlarm("share", "Errors", share))?.kind).toBe("fires");
  });

  test("B1 a composite waits for its suppressor and acts", () => {
    const suppressor = { alarm: "alive", wait_period: 120, extension_period: 60 };
    const any = composite("any", { alarm_rule: 'ALARM("bad")', actions_suppressor: suppressor });
    const alive = customAlarm("alive", "Alive", { ...less, treat_missing_data: "breaching" });
    expect(verdictOf([job(), any], customAlarm("bad", "Bad"), alive)?.kind).toBe("fires");
  });
});

describe("an alarm that cannot", () => {
  const orphan = merged({ aws_lambda_function: { job: { function_name: "job", timeout: 30 } } });
  const cases: readonly (readonly [Reason, string, readonly JsonObject[], readonly JsonObject[]])[] = [
    [
      "never-arrives",
      "nothing in this file may write the namespace Other",
      [job()],
      [customAlarm("a", "Bad", { namespace: "Other" })],
    ],
    [
      "never-arrives",
      "so it is silent: it rests in INSUFFICIENT_DATA",
      [orphan],
      [lambdaAlarm("a", "Errors")],
    ],
    ["never-arrives", "AWS publishes no metric AWS/Lambda Mistakes", [job()], [lambdaAlarm("a", "Mistakes")]],
    [
      "rests-in-insufficient-data",
      "is published only when something happens",
      [
        job(),
        {
          aws_cloudwatch_log_metric_filter: {
            lost: {
              name: "lost",
              pattern: "lost",
              log_group_name: "/aws/lambda/job",
              metric_transformation: { name: "Lost", namespace: "Shop/Logs", value: "1" },
            },
          },
        },
      ],
      [customAlarm("a", "Lost", { namespace: "Shop/Logs" })],
    ],
    [
      "rests-in-alarm",
      "missing data is breaching",
      [job()],
      [customAlarm("a", "Bad", { namespace: "Other", treat_missing_data: "breaching" })],
    ],
    [
      "rests-in-alarm",
      "it breaches on a normal day",
      [job()],
      [lambdaAlarm("a", "Errors", { comparison_operator: "GreaterThanOrEqualToThreshold" })],
    ],
    [
      "flaps",
      "comes every 300 s and its period is 60 s",
      [job("rate(5 minutes)")],
      [lambdaAlarm("a", "Errors", { period: 60 })],
    ],
    [
      "out-of-reach",
      "the timeout of job, 30000 ms",
      [job()],
      [lambdaAlarm("a", "Duration", { ...p95, threshold: 40_000 })],
    ],
    [
      "out-of-reach",
      "the closest it gets is 3",
      [job("rate(5 minutes)")],
      [lambdaAlarm("a", "Errors", { threshold: 5 })],
    ],
    [
      "nothing-raises-it",
      "takes it to LessThanThreshold 0",
      [job()],
      [customAlarm("a", "Bad", { ...less, threshold: 0 })],
    ],
  ];

  test.each(cases)("B1 %s: %s", (reason, why, parts, alarms) => {
    expect(verdictOf(parts, ...alarms)).toEqual({
      kind: "cannot",
      reason,
      why: expect.stringContaining(why),
    });
  });

  test("B1 a composite that is suppressed whenever it is in ALARM", () => {
    const suppressor = { alarm: "bad", wait_period: 60, extension_period: 3600 };
    const any = composite("any", { alarm_rule: 'ALARM("bad")', actions_suppressor: suppressor });
    expect(rehearsed(stack([job(), any], customAlarm("bad", "Bad"))).alarms.at(-1)?.verdict).toMatchObject({
      kind: "cannot",
    });
  });

  test("B1 cyclic composites are not evaluated, and say so", () => {
    const cycle = merged(
      composite("one", { alarm_rule: 'ALARM("two")' }),
      composite("two", { alarm_rule: 'ALARM("one")' }),
    );
    const { alarms } = rehearsed(stack([job(), cycle], customAlarm("bad", "Bad")));
    for (const name of ["one", "two"]) {
      expect(alarms.find((one) => one.name === name)?.verdict).toEqual({
        kind: "could-not-evaluate",
        why: expect.stringContaining("cycle"),
      });
    }
  });

  test("B1 says when metric math reads missing operands in two ways", () => {
    const dimensions = { FunctionName: "job" };
    const errors = { namespace: "AWS/Lambda", metric_name: "Errors", dimensions, stat: "Sum", period: 300 };
    const math = {
      metric_name: undefined,
      namespace: undefined,
      statistic: undefined,
      period: undefined,
      metric_query: [
        { id: "total", expression: "errors + absent", return_data: true },
        { id: "errors", metric: errors },
        { id: "absent", metric: { namespace: "Other", metric_name: "Bad", stat: "Sum", period: 300 } },
      ],
    };
    expect(verdictOf([job()], lambdaAlarm("a", "Errors", math))).toMatchObject({
      kind: "fires",
      disagreement: expect.stringContaining("drops a missing operand"),
    });
  });
});
