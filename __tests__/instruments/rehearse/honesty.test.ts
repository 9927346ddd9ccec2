import { exitOf } from "../../../instruments/rehearse/command";
import { page } from "../../../instruments/rehearse/html/page";
import { forMachines } from "../../../instruments/rehearse/machines";
import { forPeople } from "../../../instruments/rehearse/people";
import type { ScenarioFile } from "../../../instruments/rehearse/scenario-schema";
import { customMetricEmitted } from "../../../policies/rules/cannot-fire/custom-metric-emitted";
import { namespaceWritable } from "../../../policies/rules/cannot-fire/namespace-writable";
import type { JsonObject } from "../../../policies/terraform/model";
import { alarm, customAlarm, job, known, lambdaAlarm, merged, NAMESPACE, rehearsed, stack } from "./stack";

type Scenario = ScenarioFile["scenarios"][number];

const bad: Scenario = {
  id: "bad-orders",
  title: "Bad orders",
  kind: "fault",
  lastsSeconds: 3600,
  effects: [{ do: "set", value: 1, select: { metric: "Bad" } }],
};
const subscribed: JsonObject = {
  aws_sns_topic_subscription: { people: { topic_arn: "${aws_sns_topic.pages.arn}", protocol: "email" } },
};
const topic = (rest: JsonObject): JsonObject => ({ aws_sns_topic: { pages: { name: "pages", ...rest } } });
const toTopic = { alarm_actions: ["${aws_sns_topic.pages.arn}"] };
const terminal = { width: 100, out: () => {}, progress: () => {}, paint: (_: unknown, text: string) => text };
const policy = (service: string) =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Action: ["sns:Publish"], Resource: "*", Principal: { Service: service } }],
  });

function played(parts: readonly JsonObject[], rest: JsonObject = toTopic) {
  const terraform = stack([job(), ...parts], customAlarm("bad", "Bad", rest));
  return rehearsed(terraform, [bad], { knowledge: known("Bad") });
}

describe("an alarm that fires and nobody hears", () => {
  test.each([
    ["topic-key-admits-alarms", [topic({ kms_master_key_id: "alias/aws/sns" }), subscribed]],
    ["topic-policy-admits-alarms", [topic({ policy: policy("s3.amazonaws.com") }), subscribed]],
    ["topic-subscribed", [topic({})]],
  ])("B1 detects nothing, and %s is named everywhere", (rule, parts) => {
    const rehearsal = played(parts);
    expect(rehearsal.rows[0]).toMatchObject({ result: "undetected", firstPage: undefined });
    expect(exitOf(rehearsal)).toBe(1);
    const text = forPeople(terminal, rehearsal);
    expect(text).toContain(`      ${rule}: aws_sns_topic.pages: `);
    expect(text).toContain(`bad fires after 2 min, and nobody hears it: ${rule}`);
    expect(text).toContain("1 alarm heard by nobody");
    expect(page(rehearsal)).toContain(`nobody hears</span> <code>bad</code>: <code>${rule}</code>`);
    expect(forMachines(rehearsal)).toMatchObject({
      sums: { unheard: 1, detected: 0 },
      alarms: [{ unheard: [{ rule }] }],
      scenarios: [{ firstPageSeconds: null, pages: {}, unheard: { bad: 120 } }],
    });
  });

  test("B1 in another region than its topic, neither", () => {
    const away = { alarm_actions: ["arn:aws:sns:us-east-1:123456789012:pages"] };
    const terraform = stack([job()], customAlarm("bad", "Bad", away));
    const regional = {
      ...terraform,
      resources: terraform.resources.map((one) => ({ ...one, region: "eu-west-1" })),
    };
    const rehearsal = rehearsed(regional, [bad], { knowledge: known("Bad") });
    expect(rehearsal.alarms[0]?.unheard.map((one) => one.rule)).toEqual(["action-in-region"]);
    expect(rehearsal.rows[0]?.result).toBe("undetected");
  });

  test("B1 one action that is heard is enough, and delivery nobody can decide is no failure", () => {
    const deaf = topic({ kms_master_key_id: "alias/aws/sns" });
    const both = [...toTopic.alarm_actions, "arn:aws:sns:eu-west-1:123456789012:elsewhere"];
    expect(played([deaf, subscribed], { alarm_actions: both }).rows[0]?.result).toBe("detected");
    const open = topic({ kms_master_key_id: "arn:aws:kms:eu-west-1:123456789012:key/1" });
    expect(played([open, subscribed]).rows[0]?.result).toBe("detected");
  });

  test("B1 an alarm without actions is named beside the fault it alone saw", () => {
    const text = forPeople(terminal, played([], { alarm_actions: [] }));
    expect(text).toContain("bad fires after 2 min, and nobody hears it: alarm-action");
  });
});

describe("what cannot be evaluated", () => {
  const rehearse = (rest: JsonObject, scenario = bad) =>
    rehearsed(stack([job()], customAlarm("bad", "Bad", rest), lambdaAlarm("errors", "Errors")), [scenario], {
      knowledge: known("Bad"),
    });

  test("B1 leaves a fault undecided that only it would notice, and names it", () => {
    const rehearsal = rehearse({ threshold: "${var.x}" });
    expect(rehearsal.rows[0]).toMatchObject({ result: "undecided", why: "bad could not be evaluated" });
    expect(exitOf(rehearsal)).toBe(3);
    expect(forPeople(terminal, rehearsal)).toContain("0 of 1 promised fault detected");
  });

  test("B1 changes nothing about a fault it does not watch, or when nobody hears it", () => {
    const other: Scenario = {
      ...bad,
      effects: [
        { do: "multiply", by: 3, select: { namespace: "AWS/Lambda", metric: "Duration", function: "job" } },
      ],
    };
    expect(rehearse({ threshold: "${var.x}" }, other).rows[0]?.result).toBe("undetected");
    expect(rehearse({ threshold: "${var.x}", alarm_actions: [] }).rows[0]?.result).toBe("undetected");
  });

  test("B1 is not what detects a fault", () => {
    const irregular = stack([job("cron(0 9 ? * MON-FRI *)")], lambdaAlarm("errors", "Errors"));
    const fails: Scenario = {
      ...bad,
      effects: [{ do: "errors", share: 1, select: { function: "job" } }],
    };
    const rehearsal = rehearsed(irregular, [fails], { knowledge: known() });
    expect(rehearsal.alarms[0]?.verdict.kind).toBe("could-not-evaluate");
    expect(rehearsal.rows[0]).toMatchObject({ result: "undecided", why: "errors could not be evaluated" });
  });

  test("B1 a quiet day is not paged by an alarm whose metric has a rhythm nobody knows", () => {
    const slow = JSON.parse(JSON.stringify(job("rate(5 minutes)")).replaceAll("job", "slow")) as JsonObject;
    const skew = alarm("skew", {
      namespace: NAMESPACE,
      metric_name: "Skew",
      evaluation_periods: 2,
      period: 60,
    });
    const deployment: Scenario = {
      ...bad,
      kind: "quiet",
      lastsSeconds: 240,
      effects: [{ do: "set", value: 1, select: { metric: "*Skew*" } }],
    };
    const terraform = stack([merged(job(), slow)], skew);
    const rehearsal = rehearsed(terraform, [deployment]);
    const [row] = rehearsal.rows;
    expect(forPeople(terminal, rehearsal)).toContain("0 of 0 promised faults detected");
    expect(row).toMatchObject({ result: "undecided" });
    expect(row?.why).toContain("how often Shop/App Skew gets data is not known");
    const { functions } = known("Skew");
    const told = rehearsed(terraform, [deployment], { knowledge: { functions } });
    expect(told.rows[0]?.result).toBe("paged");
  });
});

describe("knowledge that leaves a function out", () => {
  const terraform = stack([job()], customAlarm("bad", "Bad"));

  test("B2 does not say that nothing emits a metric it may write", () => {
    const [judgement] = customMetricEmitted.judge({ terraform, knowledge: { functions: {} } });
    expect(judgement).toMatchObject({ outcome: "could-not-evaluate" });
    expect(customMetricEmitted.judge({ terraform, knowledge: known() })[0]?.outcome).toBe("non-compliant");
  });

  test("B2 is not asked for again when it says that nothing is emitted", () => {
    const { aws_iam_role_policy: _policy, ...mute } = job();
    const [judgement] = namespaceWritable.judge({
      terraform: stack([mute], customAlarm("bad", "Bad")),
      knowledge: known(),
    });
    expect(judgement).toMatchObject({ outcome: "could-not-evaluate" });
    expect(JSON.stringify(judgement)).toContain("names nothing that emits Bad: remove the alarm");
    expect(JSON.stringify(judgement)).not.toContain("--knowledge FILE");
  });
});
