import { completed } from "../../../policies/terraform/completed";
import { fromPlan } from "../../../policies/terraform/plan";
import { fromState } from "../../../policies/terraform/state";
import { fromSynthesized } from "../../../policies/terraform/synthesized";
import { resourcesAt, targetsOf } from "../../../policies/terraform/targets";

const configuration = {
  provider: { aws: [{ region: "eu-west-1" }, { alias: "far", region: "us-east-1" }] },
  variable: { rate: { default: 0.5 }, account: {} },
  resource: {
    aws_iam_role: { r: { name: "role-r" } },
    aws_iam_role_policy_attachment: {
      a: { role: "${aws_iam_role.r.name}", policy_arn: "arn:aws:iam::aws:policy/X" },
    },
    aws_sns_topic: { t: { provider: "aws.far", name: "t", unset: null } },
    aws_cloudwatch_metric_alarm: {
      m: {
        "//": { metadata: { path: "stack/m" } },
        alarm_name: "m",
        alarm_actions: ["${aws_sns_topic.t.arn}"],
        threshold: "${var.rate}",
        alarm_description: "account ${var.account}",
      },
    },
  },
};

const model = fromSynthesized(configuration);
const [role, attachment, topic, alarm] = model.resources;

describe("Terraform's JSON configuration", () => {
  test("references to literals and variables with a default are resolved, the rest stay expressions", () => {
    expect(attachment?.values["role"]).toBe("role-r");
    expect(alarm?.values).toMatchObject({
      threshold: 0.5,
      alarm_actions: ["${aws_sns_topic.t.arn}"],
      alarm_description: "account ${var.account}",
    });
    expect(attachment?.references["role"]).toEqual([role?.address]);
  });

  test("a resolved name still leads to its resource", () => {
    if (attachment === undefined) throw new Error("no attachment");
    expect(resourcesAt(model, attachment, "role", ["aws_iam_role"])).toEqual([role]);
    expect(targetsOf(model, attachment, "policy_arn", ["aws_iam_policy"])).toEqual([
      { kind: "outside", value: "arn:aws:iam::aws:policy/X" },
    ]);
  });

  test("paths, regions and stated attributes", () => {
    expect([alarm?.path, topic?.path]).toEqual(["stack/m", "aws_sns_topic.t"]);
    expect([alarm?.region, topic?.region]).toEqual(["eu-west-1", "us-east-1"]);
    expect(topic?.stated?.has("unset")).toBe(false);
  });

  test("anything but an object is refused", () => {
    for (const one of [null, [], "text", 1]) expect(() => fromSynthesized(one)).toThrow("an object");
  });
});

describe("terraform show -json of a state", () => {
  const state = fromState({
    values: {
      root_module: {
        resources: [
          {
            address: "aws_sns_topic.t",
            mode: "managed",
            type: "aws_sns_topic",
            values: { arn: "arn:aws:sns:eu-west-1:123456789012:t", name: "t", kms_master_key_id: null },
            sensitive_values: {},
          },
        ],
        child_modules: [
          {
            resources: [
              {
                address: "module.m.aws_cloudwatch_metric_alarm.a",
                mode: "managed",
                type: "aws_cloudwatch_metric_alarm",
                values: { alarm_actions: ["arn:aws:sns:eu-west-1:123456789012:t"], alarm_description: "pw" },
                sensitive_values: { alarm_description: true },
              },
            ],
          },
        ],
      },
    },
  });

  test("resources find each other by ARN across modules, regions come from ARNs, secrets are hidden", () => {
    const [topicOfState, alarmOfState] = state.resources;
    if (alarmOfState === undefined) throw new Error("no alarm");
    expect(resourcesAt(state, alarmOfState, "alarm_actions", ["aws_sns_topic"])).toEqual([topicOfState]);
    expect(topicOfState?.region).toBe("eu-west-1");
    expect(topicOfState?.stated).toBeUndefined();
    expect(topicOfState?.values).not.toHaveProperty("kms_master_key_id");
    expect(alarmOfState.values["alarm_description"]).toBe("${sensitive}");
  });
});

describe("a plan completed by its configuration", () => {
  test("what apply decides as a whole is taken from the configuration, known values stay", () => {
    const plan = fromPlan({
      resource_changes: [
        {
          address: "aws_cloudwatch_metric_alarm.m",
          mode: "managed",
          type: "aws_cloudwatch_metric_alarm",
          change: {
            actions: ["create"],
            after: { alarm_name: "m", threshold: 7 },
            after_unknown: { alarm_actions: true },
          },
        },
      ],
      configuration: {
        root_module: {
          resources: [{ address: "aws_cloudwatch_metric_alarm.m", expressions: { alarm_actions: {} } }],
        },
      },
    });
    const [one] = completed(plan, model).resources;
    expect(plan.resources[0]?.values["alarm_actions"]).toBe("${known_after_apply}");
    expect(one?.values).toMatchObject({ threshold: 7, alarm_actions: ["${aws_sns_topic.t.arn}"] });
    expect(one?.path).toBe("stack/m");
  });
});
