import { filterPattern, LOG_EVENTS } from "../../contract/logs";
import { metricsOf } from "../../contract/metrics";
import type { Environment } from "../../contract/names";
import { SERVICE_KEYS } from "../../contract/services";
import { isObject, type Resource } from "../../policies/terraform/model";
import { synthesize } from "../support/synthesized";
import { every, named, object, ref, STACKS } from "./parts";

interface Decision {
  readonly rule: string;
  readonly reservoir: number;
  readonly rate: number;
}

/** The variable a rule's rate is written as; the model already shows its default. */
function rateVariable(environment: Environment, rule: Resource): string {
  const [type, name] = rule.address.split(".") as [string, string];
  const written = object(object(object(synthesize(environment)["resource"])[type])[name])["fixed_rate"];
  return /^\$\{var\.(\w+)\}$/.exec(String(written))?.[1] ?? "";
}

/** X-Ray takes the first rule, by priority, whose pattern matches; `*` stands for any text. */
function decide(rules: readonly Resource[], service: string): Decision | undefined {
  const byPriority = [...rules].sort((a, b) => Number(a.values["priority"]) - Number(b.values["priority"]));
  const rule = byPriority.find((one) => {
    const parts = String(one.values["service_name"]).split("*");
    return new RegExp(`^${parts.join(".*")}$`).test(service);
  });
  if (rule === undefined) return undefined;
  return {
    rule: String(rule.values["rule_name"]),
    reservoir: Number(rule.values["reservoir_size"]),
    rate: Number(rule.values["fixed_rate"]),
  };
}

describe.each(STACKS)("sampling in %s", (environment, terraform) => {
  const rules = every(terraform, "aws_xray_sampling_rule");

  test("SMP-1 the rules are the ones required for this environment", () => {
    const found = rules.map((rule) => [rule.values["priority"], rule.values["reservoir_size"]]);
    expect(found).toEqual(
      environment === "prod"
        ? [
            [100, 10],
            [200, 5],
            [9000, 5],
          ]
        : [[1000, 1]],
    );
  });

  test("SMP-1 the first matching rule by priority decides, in whatever order rules are listed", () => {
    const expected: Readonly<Record<string, Decision>> =
      environment === "prod"
        ? {
            // The gateway decides for the function behind it, under its own name (D36).
            "prod-sentiment-api/v1": { rule: "prod-sentiment-api", reservoir: 10, rate: 0.1 },
            "prod-sentiment-sse": { rule: "prod-sentiment-stream", reservoir: 5, rate: 0.05 },
            "prod-sentiment-ingestion": { rule: "prod-sentiment-default", reservoir: 5, rate: 0.1 },
          }
        : {
            [`${environment}-sentiment-ingestion`]: {
              rule: `${environment}-sentiment-all`,
              reservoir: 1,
              rate: 1,
            },
          };
    for (const [service, decision] of Object.entries(expected)) {
      expect(decide(rules, service)).toEqual(decision);
      expect(decide([...rules].reverse(), service)).toEqual(decision);
    }
    expect(decide(rules, "somebody-elses-function")).toBeUndefined();
  });

  test("SMP-1 every field is explicit, version 1, and drift on the rate is ignored", () => {
    for (const { values } of rules) {
      expect(values).toMatchObject({
        version: 1,
        host: "*",
        http_method: "*",
        url_path: "*",
        service_type: "*",
        resource_arn: "*",
        lifecycle: { ignore_changes: ["fixed_rate"] },
      });
    }
    expect(new Set(rules.map((rule) => rule.values["priority"])).size).toBe(rules.length);
  });

  test("SMP-1 rates are variables that refuse anything outside 0 to 1", () => {
    const variables = object(synthesize(environment)["variable"]);
    for (const rule of rules) {
      const name = rateVariable(environment, rule);
      expect(variables[name]).toMatchObject({
        type: "number",
        validation: [{ condition: `\${var.${name} >= 0 && var.${name} <= 1}` }],
      });
    }
  });

  test("SMP-2 the groups have the required filters, names of at most 32 characters and insights", () => {
    const groups = every(terraform, "aws_xray_group");
    const filters = groups.map((group) => [group.values["group_name"], group.values["filter_expression"]]);
    expect(Object.fromEntries(filters)).toEqual({
      [`${environment}-sentiment-errors`]: "fault = true OR error = true",
      [`${environment}-sentiment-live-traces`]: "!annotation.synthetic",
      [`${environment}-sentiment-canary-traces`]: "annotation.synthetic = true",
      [`${environment}-sentiment-sse`]: 'service("sentiment-analyzer-sse")',
      [`${environment}-sentiment-sse-reconn`]: 'annotation.previous_trace_id BEGINSWITH "1-"',
    });
    for (const { values } of [...groups, ...rules]) {
      expect(String(values["group_name"] ?? values["rule_name"]).length).toBeLessThanOrEqual(32);
    }
    for (const { values } of groups) {
      expect(values["insights_configuration"]).toEqual({
        insights_enabled: true,
        notifications_enabled: true,
      });
    }
  });

  test("SF-4 every log group of a function that emits metrics has one fallback filter with the generated pattern", () => {
    const filters = every(terraform, "aws_cloudwatch_log_metric_filter").filter(
      (one) => object(one.values["metric_transformation"])["name"] === "MetricEmissionFailback/Count",
    );
    const emitters = SERVICE_KEYS.filter((service) => metricsOf(service).length > 0);
    expect(SERVICE_KEYS.filter((service) => !emitters.includes(service))).toEqual(["dashboard"]);
    const groups = emitters.map((service) =>
      ref(
        named(
          terraform,
          "aws_cloudwatch_log_group",
          "name",
          `/aws/lambda/${environment}-sentiment-${service}`,
        ),
        "name",
      ),
    );
    expect(filters.map((one) => one.values["log_group_name"]).sort()).toEqual([...groups].sort());
    for (const { values } of filters) {
      expect(values["pattern"]).toBe(filterPattern(LOG_EVENTS.metricFallback));
      const transformation = values["metric_transformation"];
      expect(isObject(transformation) && transformation).toMatchObject({ value: "1", default_value: "0" });
      // CloudWatch Logs refuses a default value together with dimensions.
      expect(transformation).not.toHaveProperty("dimensions");
    }
  });
});
