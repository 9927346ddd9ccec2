import { metricsOf } from "../../../instruments/rehearse/alarms";
import { selectedFunctions } from "../../../instruments/rehearse/select";
import type { SeriesFacts } from "../../../instruments/rehearse/world/series-facts";
import { worldOf } from "../../../instruments/rehearse/world/world";
import type { EmitterKnowledge } from "../../../policies/rules/knowledge";
import type { TerraformModel } from "../../../policies/terraform/model";
import { alarm, customAlarm, job, lambdaAlarm, NAMESPACE, stack, worker } from "./stack";

function facts(terraform: TerraformModel, name: string, knowledge?: EmitterKnowledge): SeriesFacts {
  const world = worldOf(terraform, knowledge === undefined ? {} : { knowledge });
  const found = [...world.series.values()].find((one) => one.ref.name === name);
  if (found === undefined) throw new Error(`${name} is not watched`);
  return found;
}

const knows = (emits: readonly string[]): EmitterKnowledge => ({
  functions: {
    job: {
      handlerErrors: "raised",
      invoked: "yes",
      emits: emits.map((metric) => ({ namespace: NAMESPACE, metric, dimensions: {} })),
      logLines: [],
    },
  },
});

describe("the world of a file", () => {
  test("B1 Lambda metrics come from their function as often as its schedule says", () => {
    const terraform = stack([job("rate(5 minutes)")], lambdaAlarm("errors", "Errors"));
    expect(facts(terraform, "Errors")).toMatchObject({
      role: "errors",
      emitters: ["job"],
      certain: true,
      everySeconds: 300,
      normal: 0,
    });
  });

  test("B1 durations end at the timeout and rest below every threshold", () => {
    const slow = { extended_statistic: "p95", statistic: undefined, threshold: 4000 };
    const { limit, normal } = facts(stack([job()], lambdaAlarm("slow", "Duration", slow)), "Duration");
    expect({ limit, normal }).toEqual({ limit: 30_000, normal: 2000 });
  });

  test("B1 custom metrics come from the functions whose role may write their namespace", () => {
    const terraform = stack([job(), worker()], customAlarm("bad", "BadOrders"));
    expect(facts(terraform, "BadOrders")).toMatchObject({ emitters: ["job"], source: "custom", normal: 0 });
  });

  test("B1 a metric whose absence is the failure is 1 on every run", () => {
    const less = { comparison_operator: "LessThanThreshold", threshold: 1, treat_missing_data: "breaching" };
    expect(facts(stack([job()], customAlarm("alive", "Alive", less)), "Alive")).toMatchObject({
      role: "proof-of-life",
      normal: 1,
    });
  });

  test("B1 knowledge decides who emits a metric, and that nobody does", () => {
    const terraform = stack([job()], customAlarm("bad", "BadOrders"));
    expect(facts(terraform, "BadOrders", knows(["BadOrders"])).certain).toBe(true);
    expect(facts(terraform, "BadOrders", knows(["Other"])).never).toContain("no function emits BadOrders");
  });

  test("B1 log metric filters write what their function logs", () => {
    const filter = {
      aws_cloudwatch_log_metric_filter: {
        lost: {
          name: "lost",
          pattern: "lost",
          log_group_name: "/aws/lambda/job",
          metric_transformation: { name: "Lost", namespace: "Shop/Logs", value: "1", default_value: "0" },
        },
      },
    };
    const terraform = stack([job(), filter], alarm("lost", { namespace: "Shop/Logs", metric_name: "Lost" }));
    expect(facts(terraform, "Lost")).toMatchObject({ source: "log", emitters: ["job"], normal: 0 });
  });

  test("B1 resources of other files leave a doubt, not a verdict", () => {
    const elsewhere = {
      namespace: "AWS/SQS",
      metric_name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "elsewhere" },
    };
    const terraform = stack([job()], alarm("waiting", elsewhere));
    expect(facts(terraform, "ApproximateNumberOfMessagesVisible").doubt).toContain("QueueName=elsewhere");
  });

  test("B1 a function streams when an URL of it does, and a scenario may ask for that", () => {
    const url = (invoke_mode: string) => ({
      aws_lambda_function_url: {
        job: {
          function_name: "${aws_lambda_function.job.function_name}",
          authorization_type: "NONE",
          invoke_mode,
        },
      },
    });
    for (const [mode, streams] of [
      ["RESPONSE_STREAM", true],
      ["BUFFERED", false],
    ] as const) {
      const world = worldOf(stack([job(), url(mode), worker()]), {});
      expect(world.functions.map((fn) => [fn.name, fn.streams])).toEqual([
        ["job", streams],
        ["worker", false],
      ]);
      expect(selectedFunctions(world, { streams: true }).map(({ name }) => name)).toEqual(
        streams ? ["job"] : [],
      );
      expect(selectedFunctions(world, { streams: false }).map(({ name }) => name)).toContain("worker");
    }
  });

  test("B1 alarms with unknown parts are kept by name", () => {
    const unknown = customAlarm("later", "Bad", { threshold: "${var.limit}" });
    const { alarms } = worldOf(stack([job()], unknown, customAlarm("now", "Bad")));
    expect(alarms.readable.flatMap((one) => metricsOf(one.alarm))).toHaveLength(1);
    expect(alarms.unreadable).toMatchObject([{ name: "later", why: expect.stringContaining("threshold") }]);
  });

  test("B1 two alarms of one name are both kept, and neither is evaluated", () => {
    const { alarms } = worldOf(
      stack([job()], customAlarm("one", "Bad"), customAlarm("two", "Bad", { alarm_name: "one" })),
    );
    expect(alarms.readable).toEqual([]);
    expect(alarms.unreadable.map((one) => one.why)).toEqual(
      Array(2).fill("two alarms of this file have its name"),
    );
  });
});
