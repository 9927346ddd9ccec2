import { TIERS } from "../../contract/alarms/definition";
import { ENVIRONMENTS } from "../../contract/names";
import { isObject, ofType } from "../../policies/terraform/model";
import { model } from "../support/synthesized";
import { every, named, object, ref } from "./parts";

const CASES = ENVIRONMENTS.flatMap((environment) =>
  TIERS.map((tier) => [environment, tier, model(environment, tier)] as const),
);

describe.each(CASES)("alarms of %s, %s", (environment, tier, terraform) => {
  const alarms = every(terraform, "aws_cloudwatch_metric_alarm");
  const composites = ofType(terraform, "aws_cloudwatch_composite_alarm");

  test("ALM-3 every alarm says what missing data means, and never ignores it", () => {
    for (const { values } of alarms) {
      expect(["breaching", "missing", "notBreaching"]).toContain(values["treat_missing_data"]);
    }
  });

  test("every alarm pages the operators' topic on ALARM and on OK, and says what to do", () => {
    const topic = named(terraform, "aws_sns_topic", "name", `${environment}-sentiment-alarms`);
    for (const { values } of [...alarms, ...composites]) {
      expect(values).toMatchObject({
        alarm_actions: [ref(topic, "arn")],
        ok_actions: [ref(topic, "arn")],
        actions_enabled: true,
      });
      expect(["critical", "warning", "info"]).toContain(object(values["tags"])["Severity"]);
      expect(values["alarm_description"]).toMatch(/ First: .+\. Runbook: docs\/runbooks\/[\w-]+\.md$/);
      // CloudWatch's limit.
      expect(String(values["alarm_description"]).length).toBeLessThanOrEqual(1024);
    }
  });

  test("names are unique and nothing is left to the provider's defaults", () => {
    const names = [...alarms, ...composites].map(({ values }) => values["alarm_name"]);
    expect(new Set(names).size).toBe(names.length);
    for (const { values } of alarms) {
      for (const attribute of ["comparison_operator", "threshold", "evaluation_periods"]) {
        expect(values).toHaveProperty(attribute);
      }
      expect(values["datapoints_to_alarm"]).toBe(values["evaluation_periods"]);
    }
  });

  test("an alarm has either one metric or an expression with one result", () => {
    for (const { values } of alarms) {
      const queries = values["metric_query"];
      expect(Array.isArray(queries)).toBe(values["metric_name"] === undefined);
      if (!Array.isArray(queries)) {
        expect([values["statistic"], values["extended_statistic"]].filter(Boolean)).toHaveLength(1);
        expect(Number(values["period"]) % 60).toBe(0);
        continue;
      }
      expect(values).not.toHaveProperty("period");
      expect(queries.filter((query) => isObject(query) && query["return_data"] === true)).toHaveLength(1);
      const inputs = queries.map(object).filter((query) => query["metric"] !== undefined);
      expect(new Set(inputs.map((query) => object(query["metric"])["period"])).size).toBe(1);
    }
  });

  test("composites exist in the full tier alone, after their children", () => {
    expect(composites).toHaveLength(tier === "full" ? 1 : 0);
    for (const { values } of composites) {
      const children = [...String(values["alarm_rule"]).matchAll(/ALARM\("([^"]+)"\)/g)].map((m) => m[1]);
      expect(children).toHaveLength(7);
      const addresses = children.map(
        (name) => named(terraform, "aws_cloudwatch_metric_alarm", "alarm_name", String(name)).address,
      );
      expect(values["depends_on"]).toEqual(addresses);
    }
  });
});
