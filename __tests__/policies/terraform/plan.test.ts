import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isUnresolved } from "../../../policies/terraform/expression";
import {
  isObject,
  type JsonObject,
  type Resource,
  type TerraformModel,
} from "../../../policies/terraform/model";
import { fromPlan } from "../../../policies/terraform/plan";
import { resourcesAt } from "../../../policies/terraform/targets";
import { FIXTURE_PLANS } from "../../support/fixture-plans";

const raw = JSON.parse(
  readFileSync(join(FIXTURE_PLANS, "several-modules", "plan.json"), "utf8"),
) as JsonObject;
const model = fromPlan(raw);

function find(from: TerraformModel, address: string): Resource {
  const found = [...from.resources, ...from.data].find((one) => one.address === address);
  if (found === undefined) throw new Error(`no ${address}`);
  return found;
}

function addresses(resources: readonly Resource[]): readonly string[] {
  return resources.map((one) => one.address);
}

describe("terraform show -json of a plan", () => {
  test("every managed resource is there, several modules deep and once per instance", () => {
    expect(addresses(model.resources)).toEqual([
      "aws_cloudwatch_metric_alarm.bill",
      "aws_iam_policy.p",
      "aws_iam_policy.q",
      "aws_sns_topic.alarms",
      'module.child.aws_iam_role.r["a"]',
      'module.child.aws_iam_role.r["b"]',
      'module.child.aws_lambda_function.f["a"]',
      'module.child.aws_lambda_function.f["b"]',
      "module.child.module.deep.aws_cloudwatch_metric_alarm.d",
      "module.child.module.deep.aws_sns_topic.deep",
    ]);
    expect(addresses(model.data)).toEqual(["data.aws_iam_policy_document.p"]);
  });

  test("a value known after apply is traced through arguments of two modules", () => {
    const alarm = find(model, "module.child.module.deep.aws_cloudwatch_metric_alarm.d");
    expect(alarm.values["alarm_actions"]).toBe("${aws_sns_topic.alarms.arn}");
    expect(addresses(resourcesAt(model, alarm, "alarm_actions", ["aws_sns_topic"]))).toEqual([
      "aws_sns_topic.alarms",
    ]);
  });

  test("a value known after apply is traced through outputs of two modules", () => {
    const alarm = find(model, "aws_cloudwatch_metric_alarm.bill");
    expect(addresses(resourcesAt(model, alarm, "alarm_actions", ["aws_sns_topic"]))).toEqual([
      "aws_sns_topic.alarms",
      "module.child.module.deep.aws_sns_topic.deep",
    ]);
  });

  test("each.key leads to the instance of the same key", () => {
    for (const key of ["a", "b"]) {
      const fn = find(model, `module.child.aws_lambda_function.f["${key}"]`);
      expect(addresses(resourcesAt(model, fn, "role", ["aws_iam_role"]))).toEqual([
        `module.child.aws_iam_role.r["${key}"]`,
      ]);
    }
  });

  test("what the provider fills in by itself is absent, what the author wrote is stated", () => {
    const fn = find(model, 'module.child.aws_lambda_function.f["a"]');
    expect(fn.values).not.toHaveProperty("tracing_config");
    expect(fn.values).not.toHaveProperty("arn");
    expect(fn.stated?.has("environment")).toBe(true);
    const alarm = find(model, "aws_cloudwatch_metric_alarm.bill");
    expect(alarm.values["treat_missing_data"]).toBe("missing");
    expect(alarm.stated?.has("treat_missing_data")).toBe(false);
  });

  test("nested values keep what is known and name the rest", () => {
    const alarm = find(model, "module.child.module.deep.aws_cloudwatch_metric_alarm.d");
    const [metric] = (alarm.values["metric_query"] as readonly JsonObject[]).flatMap((query) =>
      Array.isArray(query["metric"]) ? query["metric"].filter(isObject) : [],
    );
    expect(metric).toMatchObject({ namespace: "AWS/SNS", metric_name: "NumberOfNotificationsFailed" });
    expect(isUnresolved(metric?.["dimensions"])).toBe(true);
  });

  test("a data source that is read during apply shows the blocks it has", () => {
    const statements = find(model, "data.aws_iam_policy_document.p").values["statement"];
    expect(statements).toMatchObject([
      { actions: ["sns:Publish"], resources: ["${aws_sns_topic.alarms.arn}"] },
      { actions: ["cloudwatch:PutMetricData"], resources: ["*"] },
    ]);
  });

  test("regions come from the provider, by variable and by alias", () => {
    expect(find(model, "aws_sns_topic.alarms").region).toBe("eu-west-1");
    expect(find(model, "aws_cloudwatch_metric_alarm.bill").region).toBe("us-east-1");
    expect(find(model, "module.child.module.deep.aws_sns_topic.deep").region).toBe("eu-west-1");
  });

  test("what will be destroyed is left out, what will be replaced stays", () => {
    const [first, second] = raw["resource_changes"] as readonly JsonObject[];
    const withActions = (one: JsonObject | undefined, actions: readonly string[]) => ({
      ...one,
      change: { ...(one?.["change"] as JsonObject), actions },
    });
    const changed = fromPlan({
      ...raw,
      resource_changes: [withActions(first, ["delete"]), withActions(second, ["delete", "create"])],
    });
    expect([...changed.resources, ...changed.data]).toHaveLength(1);
  });

  test("sensitive values never appear", () => {
    const secret = {
      address: "aws_lambda_function.f",
      mode: "managed",
      type: "aws_lambda_function",
      change: {
        actions: ["create"],
        after: { function_name: "f", environment: [{ variables: { TOKEN: "hunter2", REGION: "eu" } }] },
        after_unknown: {},
        after_sensitive: { environment: [{ variables: { TOKEN: true } }] },
      },
    };
    const { resources } = fromPlan({ ...raw, resource_changes: [secret] });
    expect(JSON.stringify(resources)).not.toContain("hunter2");
    expect(resources[0]?.values["environment"]).toEqual([
      { variables: { TOKEN: "${sensitive}", REGION: "eu" } },
    ]);
  });
});
