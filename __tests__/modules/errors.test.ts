import { alarmCatalogue } from "../../contract/alarms/catalogue";
import type { AlarmDefinition } from "../../contract/alarms/definition";
import { Alarm } from "../../modules/alarm";
import { AlarmCatalogue } from "../../modules/alarm-catalogue";
import { ConstructError } from "../../modules/construct-error";
import { Sampling } from "../../modules/sampling";
import { Schedule } from "../../modules/schedule";
import { TraceGroups } from "../../modules/trace-groups";
import { TraceQuota } from "../../modules/trace-quota";
import type { TracedFunctionProps } from "../../modules/traced-function";
import { ownFunction, ownQueue, ownStack } from "./own-stack";

/** Expects a ConstructError that starts with a construct path and tells what was found, expected and to do. */
function expectMistake(act: () => unknown, path: string, found: string, expected: string): void {
  let thrown: unknown;
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ConstructError);
  const { message, name } = thrown as ConstructError;
  expect(name).toBe("ConstructError");
  expect(message).toContain(`${path}: found ${found}`);
  expect(message).toContain(`; expected ${expected}`);
  expect(message).toMatch(/\. Next step: \S.*\.$/);
}

const rule = { noun: "all", priority: 1, reservoir: 1, rate: 1, serviceName: "*" };

describe("what constructs refuse", () => {
  test.each<[Partial<TracedFunctionProps>, string, string]>([
    [{ functionName: "" }, 'functionName = ""', "1 to 64 letters"],
    [{ functionName: "a".repeat(65) }, `functionName = "${"a".repeat(65)}"`, "1 to 64 letters"],
    [{ functionName: "my function" }, 'functionName = "my function"', "1 to 64 letters"],
    [{ serviceName: "" }, 'serviceName = ""', "a name without spaces"],
    [{ timeoutSeconds: 0 }, "timeoutSeconds = 0", "a whole number from 1 to 900"],
    [{ timeoutSeconds: 901 }, "timeoutSeconds = 901", "a whole number from 1 to 900"],
    [{ timeoutSeconds: 1.5 }, "timeoutSeconds = 1.5", "a whole number from 1 to 900"],
    [{ memoryMb: 127 }, "memoryMb = 127", "a whole number from 128 to 10240"],
    [{ memoryMb: Number.NaN }, "memoryMb = NaN", "a whole number from 128 to 10240"],
    [{ reservedConcurrency: -1 }, "reservedConcurrency = -1", "a whole number from 0 to 1000"],
    [
      { code: { zipPath: "/nowhere.zip", sha256: "" } },
      'code.zipPath = "/nowhere.zip", which is not there',
      "the zip",
    ],
    [
      { code: { zipPath: __dirname, sha256: "" } },
      `code.zipPath = "${__dirname}", which is no file`,
      "the zip",
    ],
  ])("TracedFunction %p", (change, found, expected) => {
    expectMistake(() => ownFunction(ownStack(), change), "mine/fn", found, expected);
  });

  test.each([0, 30, 90, 86_460])("Schedule every %p seconds", (everySeconds) => {
    const stack = ownStack();
    const target = ownFunction(stack);
    const account = { accountId: "123456789012", partition: "aws", region: "eu-west-1" };
    const deadLetterQueue = ownQueue(stack);
    expectMistake(
      () => new Schedule(stack, "schedule", { account, target, everySeconds, deadLetterQueue }),
      "mine/schedule",
      `everySeconds / 60 = ${everySeconds / 60}`,
      "a whole number from 1 to 1440",
    );
  });

  test.each([
    [{ priority: 0 }, "mine-all.priority = 0", "a whole number from 1 to 9999"],
    [{ priority: 10_000 }, "mine-all.priority = 10000", "a whole number from 1 to 9999"],
    [{ reservoir: -1 }, "mine-all.reservoir = -1", "a whole number from 0"],
    [{ noun: "n".repeat(28) }, `rule name = "mine-${"n".repeat(28)}"`, "at most 32 characters"],
  ])("SMP-1 Sampling %p", (change, found, expected) => {
    const rules = [{ ...rule, ...change }];
    expectMistake(
      () => new Sampling(ownStack(), "sampling", { prefix: "mine", rules }),
      "mine/sampling",
      found,
      expected,
    );
  });

  test("SMP-2 a group whose name is longer than 32 characters", () => {
    const groups = [{ noun: "g".repeat(28), filter: "fault = true" }];
    expectMistake(
      () => new TraceGroups(ownStack(), "groups", { prefix: "mine", groups }),
      "mine/groups",
      `group name = "mine-${"g".repeat(28)}"`,
      "at most 32 characters",
    );
  });

  test("SMP-2 a name of exactly 32 characters is accepted", () => {
    const groups = [{ noun: "g".repeat(27), filter: "fault = true" }];
    expect(() => new TraceGroups(ownStack(), "groups", { prefix: "mine", groups })).not.toThrow();
  });

  test("an alarm on a metric without condition, and a composite whose child is missing", () => {
    const make = (definition: AlarmDefinition) => () =>
      new Alarm(ownStack(), definition.id, {
        environment: "dev",
        definition,
        region: "eu-west-1",
        topicArns: [],
      });
    for (const { condition: _without, ...rest } of alarmCatalogue("dev")) {
      const composite = rest.signal.kind === "composite";
      expectMistake(
        make(rest),
        `mine/${rest.id}`,
        composite ? 'no alarm "' : "an alarm on a metric without condition",
        "",
      );
    }
  });

  test("CAN-8 SMP-5 alarms of another region without a place there", () => {
    const props = {
      environment: "prod",
      region: "eu-west-1",
      tier: "full",
      topicArns: ["arn:aws:sns:x"],
    } as const;
    expectMistake(
      () => new AlarmCatalogue(ownStack(), "alarms", props),
      "mine/alarms",
      'the alarm "x-ray-cost-10", whose metric is not in eu-west-1',
      "elsewhere.billing to name region, provider and topics",
    );
    expectMistake(
      () => new AlarmCatalogue(ownStack(), "alarms", { ...props, region: "us-east-1", tier: "standard" }),
      "mine/alarms",
      'the alarm "canary-heartbeat", whose metric is not in us-east-1',
      "elsewhere.backup",
    );
  });

  test.each([
    [{ quotaCode: "PutTraceSegments" }, 'quotaCode = "PutTraceSegments"', "a quota code such as L-0123ABCD"],
    [{ segmentsPerSecond: 999 }, "segmentsPerSecond = 999", "a whole number from 1000"],
  ])("SMP-6 TraceQuota %p", (change, found, expected) => {
    const props = { quotaCode: "L-0123ABCD", segmentsPerSecond: 1000, ...change };
    expectMistake(() => new TraceQuota(ownStack(), "quota", props), "mine/quota", found, expected);
  });
});
