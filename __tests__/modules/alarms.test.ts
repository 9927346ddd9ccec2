import { alarmsOfTier } from "../../contract/alarms/catalogue";
import { TIERS } from "../../contract/alarms/definition";
import { ENVIRONMENTS } from "../../contract/names";
import { isObject, ofType } from "../../policies/terraform/model";
import { model } from "../support/synthesized";
import { every, named, object, only, ref } from "./parts";

/** The topics of other regions. */
const NOUNS: Readonly<Record<string, string>> = { "us-east-1": "billing", "eu-central-1": "canary-alerts" };

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
    for (const { values, region } of [...alarms, ...composites]) {
      const noun = NOUNS[region ?? ""] ?? "alarms";
      const topic = named(terraform, "aws_sns_topic", "name", `${environment}-sentiment-${noun}`);
      expect(topic.region).toBe(region);
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

  test("SMP-2 traces that stop page, once they have arrived; other alarms leave silence to the heartbeat", () => {
    const paging = alarms.filter(({ values }) => values["insufficient_data_actions"] !== undefined);
    expect(paging.map(({ values }) => values["alarm_name"])).toEqual(
      tier === "full" ? [`${environment}-trace-errors`] : [],
    );
    for (const { values } of paging)
      expect(values["insufficient_data_actions"]).toEqual(values["alarm_actions"]);
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

  const children = (rule: unknown) =>
    [...String(rule).matchAll(/ALARM\("([^"]+)"\)/g)].map((m) => String(m[1]));

  test("DSH-1 composites come after what they are made of, and the heartbeat keeps them quiet", () => {
    const expected = {
      essential: [],
      standard: ["critical-any"],
      full: ["silent-failures-any", "critical-any"],
    };
    expect(composites.map(({ values }) => values["alarm_name"])).toEqual(
      expected[tier].map((id) => `${environment}-${id}`),
    );
    for (const { values } of composites) {
      const addresses = children(values["alarm_rule"]).map(
        (name) => only([...alarms, ...composites].filter((one) => one.values["alarm_name"] === name)).address,
      );
      expect(values["depends_on"]).toEqual(addresses);
      expect(values["actions_suppressor"]).toEqual({
        alarm: `${environment}-emission-heartbeat`,
        wait_period: 180,
        extension_period: 300,
      });
    }
  });

  test("DSH-1 the critical composite covers every other critical alarm of its region", () => {
    if (tier === "essential") return;
    const composite = named(
      terraform,
      "aws_cloudwatch_composite_alarm",
      "alarm_name",
      `${environment}-critical-any`,
    );
    const critical = [...alarms, ...composites]
      .filter((one) => object(one.values["tags"])["Severity"] === "critical" && one !== composite)
      .filter((one) => one.region === composite.region)
      .map((one) => String(one.values["alarm_name"]));
    expect(children(composite.values["alarm_rule"]).sort()).toEqual(critical.sort());
  });

  test("SMP-5 billing alarms live in us-east-1 and nothing else does", () => {
    const there = alarms.filter(({ region }) => region === "us-east-1");
    expect(there.map(({ values }) => values["threshold"])).toEqual(tier === "full" ? [10, 25, 50] : []);
    for (const { values } of there) {
      expect(values).toMatchObject({
        namespace: "AWS/Billing",
        dimensions: { ServiceName: "AWSXRay", Currency: "USD" },
        treat_missing_data: "notBreaching",
      });
    }
    for (const { values, region } of alarms) {
      expect(region === "us-east-1").toBe(values["namespace"] === "AWS/Billing");
    }
  });

  test("B1 the tier's alarms are there, and essential stays within the free allowance", () => {
    const names = [...alarms, ...composites].map(({ values }) => String(values["alarm_name"]));
    expect(names.sort()).toEqual(
      alarmsOfTier(environment, tier)
        .map(({ id }) => `${environment}-${id}`)
        .sort(),
    );
    if (tier === "essential") expect(names.length).toBeLessThanOrEqual(10);
  });
});
