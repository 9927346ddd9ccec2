import { TABLES, type TableIndex, type TableName, tableName } from "../../contract/tables";
import { referencesIn } from "../../policies/terraform/expression";
import { model, synthesize } from "../support/synthesized";
import { atHome, every, named, ref, STACKS } from "./parts";

const NAME_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_lambda_function: "function_name",
  aws_dynamodb_table: "name",
  aws_ecr_repository: "name",
  aws_sns_topic: "name",
  aws_sqs_queue: "name",
  aws_kms_alias: "name",
  aws_iam_role: "name",
  aws_iam_policy: "name",
  aws_cloudwatch_log_group: "name",
  aws_cloudwatch_event_rule: "name",
  aws_secretsmanager_secret: "name",
  aws_xray_sampling_rule: "rule_name",
  aws_xray_group: "group_name",
  aws_xray_resource_policy: "policy_name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_cloudwatch_dashboard: "dashboard_name",
  aws_api_gateway_rest_api: "name",
  aws_cognito_identity_pool: "identity_pool_name",
  aws_rum_app_monitor: "name",
  aws_ssm_parameter: "name",
};

describe.each(STACKS)("what %s consists of", (environment, terraform) => {
  test.each(Object.keys(TABLES) as TableName[])(
    "table %s has the keys, index, expiry and recovery",
    (name) => {
      const { values } = named(terraform, "aws_dynamodb_table", "name", tableName(environment, name));
      const { key, indexes, ttlAttribute } = TABLES[name];
      expect(values).toMatchObject({
        billing_mode: "PAY_PER_REQUEST",
        hash_key: key.partition,
        range_key: key.sort,
        ttl: { attribute_name: ttlAttribute, enabled: true },
        point_in_time_recovery: { enabled: true },
        deletion_protection_enabled: true,
      });
      const found = (values["global_secondary_index"] ?? []) as Record<string, unknown>[];
      expect(found).toEqual(
        Object.entries<TableIndex>(indexes).map(([index, one]) => ({
          name: index,
          hash_key: one.partition,
          range_key: one.sort,
          ...(one.carries === undefined
            ? { projection_type: "ALL" }
            : { projection_type: "INCLUDE", non_key_attributes: [...one.carries] }),
        })),
      );
      const used = [key, ...Object.values(indexes)].flatMap((one) => [one.partition, one.sort]);
      const declared = (values["attribute"] as { name: string; type: string }[]).map((one) => one.name);
      expect([...declared].sort()).toEqual([...new Set(used)].sort());
    },
  );

  test("secrets are metadata under the customer key, and no value is anywhere", () => {
    const key = atHome(terraform, "aws_kms_key");
    const secrets = every(terraform, "aws_secretsmanager_secret");
    expect(secrets.map((one) => one.values["name"])).toEqual([
      `${environment}/sentiment-analyzer/tiingo`,
      `${environment}/sentiment-analyzer/finnhub`,
      `${environment}/sentiment-analyzer/sendgrid`,
      `${environment}/sentiment-analyzer/access-tokens`,
    ]);
    const shapes = secrets.map((one) => /\{[^}]+\}/.exec(String(one.values["description"]))?.[0]);
    expect(shapes).toEqual([...Array(3).fill('{"api_key": "…"}'), '{"signing_key": "…"}']);
    for (const one of secrets) expect(one.values["kms_key_id"]).toBe(ref(key, "arn"));
    const json = JSON.stringify(synthesize(environment));
    expect(json).not.toContain("aws_secretsmanager_secret_version");
    expect(json).not.toContain("secret_string");
  });

  test("nothing is looked up in AWS: there is no data source", () => {
    const json = synthesize(environment);
    expect(json).not.toHaveProperty("data");
    expect(JSON.stringify(json)).not.toMatch(/\$\{[^}]*\bdata\./);
  });

  test("every reference leads to a resource of the stack", () => {
    const addresses = terraform.resources.map((one) => one.address);
    for (const one of terraform.resources) {
      expect(addresses).toEqual(expect.arrayContaining([...referencesIn(one.values)]));
    }
  });

  test("every physical name carries the environment", () => {
    let named = 0;
    for (const [type, attribute] of Object.entries(NAME_ATTRIBUTES)) {
      for (const one of every(terraform, type)) {
        const name = String(one.values[attribute]);
        expect(name).toMatch(new RegExp(`^(?:alias/|/aws/(?:lambda|apigateway)/|/)?${environment}[-/]`));
        named += 1;
      }
    }
    const nameless = terraform.resources.filter((one) => NAME_ATTRIBUTES[one.type] === undefined);
    for (const { type, values } of nameless) {
      if (type === "aws_cloudwatch_composite_alarm") expect(values["alarm_name"]).toMatch(`${environment}-`);
      else if (type !== "aws_cloudwatch_log_metric_filter") expect(values).not.toHaveProperty("name");
    }
    expect(named).toBeGreaterThan(30);
  });

  test("account, address and version are asked for, never guessed", () => {
    const variables = synthesize(environment)["variable"] as Record<string, Record<string, unknown>>;
    const asked = [
      "account_id",
      "alert_email",
      "alert_webhook_url",
      "deployment_version",
      "sse_image_uri",
      "dashboard_url",
      "mail_from",
    ];
    for (const name of asked) {
      expect(variables[name]).toMatchObject({ type: "string", nullable: false });
      expect(variables[name]).not.toHaveProperty("default");
      expect(variables[name]?.["validation"]).toHaveLength(1);
    }
  });
});

test("the addresses of dev's resources are stable: changing one replaces what is deployed", () => {
  expect(
    model("dev")
      .resources.map((one) => one.address)
      .sort(),
  ).toMatchSnapshot();
});
