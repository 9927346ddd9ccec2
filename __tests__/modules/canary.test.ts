import { CANARY_STATE_LENGTH } from "../../contract/canary";
import { APPLICATION_SERVICES, SERVICE_KEYS } from "../../contract/services";
import { ofType, type Resource, type TerraformModel } from "../../policies/terraform/model";
import { fromSynthesized } from "../../policies/terraform/synthesized";
import { synthesize } from "../support/synthesized";
import {
  every,
  functionOf,
  grantsOf,
  named,
  object,
  only,
  policiesOf,
  ref,
  STACKS,
  statements,
  variablesOf,
} from "./parts";

/** The last part of a resource's address. */
function label({ address }: Resource): string {
  return address.slice(address.indexOf(".") + 1);
}

const BACKUP = "eu-central-1";
const ACCOUNT = "${var.account_id}";

function inRegion(terraform: TerraformModel, type: string, region: string): readonly Resource[] {
  return every(terraform, type).filter((one) => one.region === region);
}

describe.each(STACKS)("the canary of %s", (environment, terraform) => {
  const canary = functionOf(terraform, environment, "canary");
  const prefix = `${environment}-sentiment`;
  const topic = only(inRegion(terraform, "aws_sns_topic", BACKUP));
  const key = only(inRegion(terraform, "aws_kms_key", BACKUP));
  const granted = (action: string) =>
    grantsOf(terraform, canary).filter((one) => one.Action.includes(action));

  test("CAN-7 SC-021 SC-086 its topic is in another region than the stack, with e-mail and webhook", () => {
    const own = every(terraform, "aws_sns_topic_subscription").filter(
      ({ values }) => values["topic_arn"] === ref(topic, "arn"),
    );
    expect(own.map(({ values, region }) => [region, values["protocol"], values["endpoint"]])).toEqual([
      [BACKUP, "email", "${var.alert_email}"],
      [BACKUP, "https", "${var.alert_webhook_url}"],
    ]);
    expect(topic.values).toMatchObject({
      name: `${prefix}-canary-alerts`,
      kms_master_key_id: ref(key, "arn"),
    });
    expect(variablesOf(canary)["ALERT_TOPIC_ARN"]).toBe(ref(topic, "arn"));
  });

  test("CAN-7 the webhook is sensitive: whoever knows it may post to it", () => {
    const variables = object(synthesize(environment)["variable"]);
    expect(variables["alert_webhook_url"]).toMatchObject({ sensitive: true, nullable: false });
    expect(object(variables["alert_email"])["sensitive"]).toBeUndefined();
  });

  test("CAN-7 the canary's role and CloudWatch may publish to it, and nobody else", () => {
    const policy = only(inRegion(terraform, "aws_sns_topic_policy", BACKUP));
    expect(statements(policy.values["policy"]).map((one) => one.Principal)).toEqual([
      { Service: ["cloudwatch.amazonaws.com"] },
      { AWS: [canary.values["role"]] },
    ]);
  });

  test("CAN-8 SC-119 the heartbeat is alarmed in that region, where silence breaches", () => {
    const there = every(terraform, "aws_cloudwatch_metric_alarm").filter(({ region }) => region === BACKUP);
    expect(there).toHaveLength(environment === "dev" ? 0 : 1);
    for (const { values } of there) {
      expect(values).toMatchObject({
        metric_name: "CanaryHeartbeat",
        dimensions: { Environment: environment, Component: "Canary" },
        statistic: "SampleCount",
        treat_missing_data: "breaching",
        alarm_actions: [ref(topic, "arn")],
      });
    }
  });

  test("CAN-11 SC-007 SC-062 R-31 R-32 it starts every five minutes, once permitted, one at a time, within 120 s", () => {
    const rule = named(terraform, "aws_cloudwatch_event_rule", "name", `${prefix}-canary`);
    expect(rule.values["schedule_expression"]).toBe("rate(5 minutes)");
    const permission = every(terraform, "aws_lambda_permission").filter(
      ({ values }) => values["source_arn"] === `arn:aws:events:eu-west-1:${ACCOUNT}:rule/${prefix}-canary`,
    );
    expect(rule.values["depends_on"]).toEqual([only(permission).address]);
    expect(canary.values).toMatchObject({
      reserved_concurrent_executions: 1,
      timeout: 120,
      memory_size: 256,
      tracing_config: { mode: "Active" },
    });
  });

  test("CAN-11 a failed run is not repeated, and none waits longer than to the next", () => {
    const settings = named(
      terraform,
      "aws_lambda_function_event_invoke_config",
      "function_name",
      ref(canary, "function_name"),
    );
    expect(settings.values).toMatchObject({ maximum_retry_attempts: 0, maximum_event_age_in_seconds: 300 });
    expect(canary.values["dead_letter_config"]).toBeUndefined();
    expect(granted("sqs:SendMessage")).toEqual([]);
  });

  test("CAN-10 it knows the API and the stream by their addresses", () => {
    const { API_URL, STREAM_URL } = variablesOf(canary);
    const [api, stream] = [object(synthesize(environment)["output"])["api_url"], "stream_url"];
    expect(API_URL).toBe(object(api)["value"]);
    expect(STREAM_URL).toBe(object(object(synthesize(environment)["output"])[stream])["value"]);
  });

  test("CAN-4 CAN-5 its state is one parameter that starts empty and whose value is no drift", () => {
    const parameter = only(every(terraform, "aws_ssm_parameter"));
    expect(parameter.values).toMatchObject({
      name: `/${environment}/sentiment/canary/state`,
      type: "String",
      tier: "Standard",
      value: "{}",
      lifecycle: { ignore_changes: ["value"] },
    });
    expect(variablesOf(canary)["STATE_PARAMETER"]).toBe(parameter.values["name"]);
    // As written, not as resolved: the function goes before the parameter, which it would otherwise make again.
    const written = object(
      object(object(synthesize(environment)["resource"])["aws_lambda_function"])[label(canary)],
    );
    expect(variablesOf({ ...canary, values: written })["STATE_PARAMETER"]).toBe(
      `\${${parameter.address}.name}`,
    );
    expect(CANARY_STATE_LENGTH).toBe(4096);
    expect(
      [...granted("ssm:PutParameter"), ...granted("ssm:GetParameter")].flatMap((one) => one.Resource),
    ).toEqual(
      Array(2).fill(`arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/${environment}/sentiment/canary/state`),
    );
  });

  test("IAM-3 its role shares no policy with an application role", () => {
    const own = policiesOf(terraform, canary).map((one) => one.address);
    expect(own).toHaveLength(2);
    for (const service of APPLICATION_SERVICES) {
      const others = policiesOf(terraform, functionOf(terraform, environment, service));
      for (const one of others) expect(own).not.toContain(one.address);
    }
  });

  test("IAM-3 it publishes to exactly the backup region's topic, under exactly that topic's key", () => {
    const publish = only(granted("sns:Publish"));
    expect(publish.Resource).toEqual([`arn:aws:sns:${BACKUP}:${ACCOUNT}:${prefix}-canary-alerts`]);
    for (const arn of publish.Resource) expect(arn).not.toMatch(/^arn:aws:sns:\*/);
    expect(only(granted("kms:GenerateDataKey")).Resource).toEqual([ref(key, "arn")]);
  });

  test("IAM-3 no application role may do what the canary may", () => {
    const inspections = [
      "xray:GetTraceSummaries",
      "xray:BatchGetTraces",
      "xray:GetTraceSegmentDestination",
      "ssm:GetParameter",
      "ssm:PutParameter",
      "iam:SimulatePrincipalPolicy",
      "lambda:ListTags",
    ];
    for (const action of inspections) expect(granted(action)).toHaveLength(1);
    const others = APPLICATION_SERVICES.flatMap((service) =>
      grantsOf(terraform, functionOf(terraform, environment, service)),
    ).flatMap((one) => one.Action);
    for (const action of inspections) expect(others).not.toContain(action);
  });

  test("IAM-4 it may try the permissions of exactly the seven roles", () => {
    expect(only(granted("iam:SimulatePrincipalPolicy")).Resource).toEqual(
      SERVICE_KEYS.map((service) => `arn:aws:iam::${ACCOUNT}:role/${prefix}-${service}`),
    );
    const roles = SERVICE_KEYS.map((service) =>
      named(terraform, "aws_iam_role", "name", `${prefix}-${service}`),
    );
    expect(roles).toHaveLength(7);
  });

  test("DEP-5 SC-129 every function carries its version as tag and variable, and the canary may read exactly those tags", () => {
    for (const service of SERVICE_KEYS) {
      const fn = functionOf(terraform, environment, service);
      expect(object(fn.values["tags"])["deploy-sha"]).toBe("${var.deployment_version}");
      expect(variablesOf(fn)["DEPLOYMENT_VERSION"]).toBe("${var.deployment_version}");
    }
    expect(only(granted("lambda:ListTags")).Resource).toEqual(
      SERVICE_KEYS.map((service) => `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${prefix}-${service}`),
    );
  });
});

describe.each(STACKS)("changes of permissions in %s", (environment, terraform) => {
  const ruleName = `${environment}-sentiment-permission-changes`;
  const rules = every(terraform, "aws_cloudwatch_event_rule").filter(
    ({ values }) => values["name"] === ruleName,
  );

  test("IAM-4 SC-118 one rule where IAM tells its events, one at home, with the same pattern", () => {
    expect(rules.map(({ region }) => region).sort()).toEqual(["eu-west-1", "us-east-1"]);
    expect(new Set(rules.map(({ values }) => values["event_pattern"])).size).toBe(1);
  });

  test("IAM-4 the pattern names every change of the seven roles and of the policies they hold", () => {
    const pattern = JSON.parse(String(rules[0]?.values["event_pattern"]));
    expect(pattern).toMatchObject({ source: ["aws.iam"], "detail-type": ["AWS API Call via CloudTrail"] });
    const [ofRoles, ofPolicies] = pattern.detail.$or;
    expect(ofRoles.eventName).toEqual(
      expect.arrayContaining(["PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy"]),
    );
    expect(ofRoles.requestParameters.roleName).toEqual(
      SERVICE_KEYS.map((service) => `${environment}-sentiment-${service}`),
    );
    expect(ofPolicies.eventName).toEqual([
      "CreatePolicyVersion",
      "DeletePolicyVersion",
      "SetDefaultPolicyVersion",
    ]);
    const held = SERVICE_KEYS.flatMap((service) =>
      policiesOf(terraform, functionOf(terraform, environment, service)),
    ).map(({ values }) => `arn:aws:iam::${ACCOUNT}:policy/${String(values["name"])}`);
    expect([...ofPolicies.requestParameters.policyArn].sort()).toEqual([...new Set(held)].sort());
    // EventBridge's limit, with an account id of twelve digits.
    expect(JSON.stringify(pattern).replaceAll(ACCOUNT, "123456789012").length).toBeLessThanOrEqual(2048);
  });

  test("IAM-4 events go to the home bus by a role that can do nothing else, and there start the canary", () => {
    const abroad = only(rules.filter(({ region }) => region === "us-east-1"));
    const home = only(rules.filter(({ region }) => region === "eu-west-1"));
    const canary = functionOf(terraform, environment, "canary");
    const targets = every(terraform, "aws_cloudwatch_event_target");
    const forward = only(targets.filter(({ region }) => region === "us-east-1"));
    const bus = `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/default`;
    expect(forward.values).toMatchObject({ rule: ref(abroad, "name"), arn: bus });
    const role = named(terraform, "aws_iam_role", "name", ruleName);
    expect(forward.values["role_arn"]).toBe(ref(role, "arn"));
    expect(only(statements(role.values["assume_role_policy"]))).toMatchObject({
      Principal: { Service: "events.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnEquals: { "aws:SourceArn": `arn:aws:events:us-east-1:${ACCOUNT}:rule/${ruleName}` },
      },
    });
    const policy = named(terraform, "aws_iam_policy", "name", ruleName);
    expect(statements(policy.values["policy"])).toMatchObject([
      { Action: ["events:PutEvents"], Resource: bus },
    ]);
    const here = only(
      targets.filter(({ region, values }) => region === "eu-west-1" && values["rule"] === ref(home, "name")),
    );
    expect(here.values["arn"]).toBe(ref(canary, "arn"));
    const permission = named(terraform, "aws_lambda_permission", "statement_id", "AllowPermissionChanges");
    expect(home.values["depends_on"]).toEqual([permission.address]);
  });
});

describe("settings of the canary", () => {
  test("IAM-4 a stack in us-east-1 needs no second rule: IAM tells its events there", () => {
    const terraform = fromSynthesized(synthesize("prod", "full", { region: "us-east-1" }));
    const rules = every(terraform, "aws_cloudwatch_event_rule").filter(
      ({ values }) => values["name"] === "prod-sentiment-permission-changes",
    );
    expect(only(rules).region).toBe("us-east-1");
    expect(every(terraform, "aws_iam_role").map(({ values }) => values["name"])).not.toContain(
      "prod-sentiment-permission-changes",
    );
    // Alarms on charges are at home there, too.
    const billing = every(terraform, "aws_cloudwatch_metric_alarm").filter(
      ({ values }) => values["namespace"] === "AWS/Billing",
    );
    const alarms = named(terraform, "aws_sns_topic", "name", "prod-sentiment-alarms");
    expect(billing.map(({ values }) => values["alarm_actions"])).toEqual(Array(3).fill([ref(alarms, "arn")]));
  });

  test("SMP-6 SC-120 SC-126 a quota is asked for once its code is known, and is at least 1000 segments a second", () => {
    const asked = fromSynthesized(synthesize("prod", "full", { traceQuotaCode: "L-0123ABCD" }));
    expect(only(every(asked, "aws_servicequotas_service_quota")).values).toMatchObject({
      service_code: "xray",
      quota_code: "L-0123ABCD",
      value: 1000,
    });
    expect(ofType(fromSynthesized(synthesize("prod")), "aws_servicequotas_service_quota")).toEqual([]);
  });

  test.each(STACKS)("SMP-6 segments X-Ray did not take are alarmed in %s", (environment) => {
    const full = fromSynthesized(synthesize(environment, "full"));
    const alarm = named(full, "aws_cloudwatch_metric_alarm", "metric_name", "UnprocessedTraceSegments");
    expect(alarm.values).toMatchObject({
      threshold: 0,
      statistic: "Sum",
      comparison_operator: "GreaterThanThreshold",
    });
  });
});
