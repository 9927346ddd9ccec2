import { PLAN_RULES, RULES, verdicts, violations } from "../../policies/rules/registry";
import type { RuleInput, Violation } from "../../policies/rules/rule";
import { fromSynthesized } from "../../policies/terraform/synthesized";
import { expectations, synthesize } from "../support/synthesized";

type Json = Record<string, unknown>;
type Resources = Record<string, Record<string, Json>>;

/** The full production stack, as JSON to break, and what it promises. */
function production(): { resources: Resources; input: () => RuleInput } {
  const configuration = synthesize("prod", "full") as { resource: Resources };
  const held = expectations("prod", "full");
  return {
    resources: configuration.resource,
    input: () => ({ terraform: fromSynthesized(configuration), ...held }),
  };
}

function first(resources: Resources, type: string): Json {
  const [resource] = Object.values(resources[type] ?? {});
  if (resource === undefined) throw new Error(`no ${type}`);
  return resource;
}

function nameOfFirst(resources: Resources, type: string): string {
  const [name] = Object.keys(resources[type] ?? {});
  if (name === undefined) throw new Error(`no ${type}`);
  return name;
}

function remove(resources: Resources, type: string): void {
  delete resources[type]?.[nameOfFirst(resources, type)];
}

function breakVariables(resources: Resources, change: (variables: Json) => void): void {
  const fn = first(resources, "aws_lambda_function");
  change((fn["environment"] as { variables: Json }).variables);
}

function breakPolicy(resources: Resources, name: RegExp, find: string | RegExp, replace: string): void {
  const policy = Object.entries(resources["aws_iam_policy"] ?? {}).find(([key]) => name.test(key))?.[1];
  if (policy === undefined) throw new Error(`no policy ${String(name)}`);
  const before = String(policy["policy"]);
  policy["policy"] = before.replace(find, replace);
  if (policy["policy"] === before) throw new Error(`policy lacks ${String(find)}`);
}

/** For each rule: ways to break it, each with a part of what must be reported. */
const BREAKAGES: Readonly<Record<string, readonly [string, (r: Resources) => void, string][]>> = {
  "chain-emitter": [
    [
      "an alarm on a metric nobody emits",
      (r) => Object.assign(first(r, "aws_cloudwatch_metric_alarm"), { metric_name: "Renamed" }),
      "SentimentAnalyzer/Reliability Renamed {Environment=prod}",
    ],
    [
      "an alarm with a dimension the emitter does not send",
      (r) => Object.assign(first(r, "aws_cloudwatch_metric_alarm"), { dimensions: {} }),
      "NewItemsIngested {}",
    ],
    [
      "an alarm on a log metric without its filter",
      (r) => remove(r, "aws_cloudwatch_log_metric_filter"),
      "SentimentAnalyzer/Logs/",
    ],
  ],
  "chain-grant": [
    [
      "a child namespace granted instead of the one in use (D4)",
      (r) => breakPolicy(r, /ingestion/, '"SentimentAnalyzer/Reliability"', '"SentimentAnalyzer"'),
      "its role may write SentimentAnalyzer",
    ],
    [
      "a grant without condition",
      (r) =>
        breakPolicy(
          r,
          /ingestion/,
          /,"Condition":\{"StringEquals":\{"cloudwatch:namespace":\[[^\]]*\]\}\}/,
          "",
        ),
      "its role may write *",
    ],
  ],
  "chain-alarm": [
    ["an alarm of the tier is missing", (r) => remove(r, "aws_cloudwatch_metric_alarm"), "prod-no-new-items"],
    [
      "an alarm outside the catalogue",
      (r) => Object.assign(first(r, "aws_cloudwatch_metric_alarm"), { alarm_name: "prod-home-made" }),
      "prod-home-made is not in the catalogue",
    ],
  ],
  "alarm-on-board": [
    [
      "an alarm taken off the board",
      (r) => {
        const board = first(r, "aws_cloudwatch_dashboard");
        const alarm = `aws_cloudwatch_metric_alarm.${nameOfFirst(r, "aws_cloudwatch_metric_alarm")}`;
        board["dashboard_body"] = String(board["dashboard_body"]).replaceAll(`"\${${alarm}.arn}",`, "");
      },
      "no dashboard widget shows",
    ],
  ],
  "board-widget-matches": [
    [
      "a widget of an alarm that is gone",
      (r) => remove(r, "aws_cloudwatch_composite_alarm"),
      "a widget shows the alarm",
    ],
  ],
  "alarm-action": [
    [
      "no action",
      (r) => Object.assign(first(r, "aws_cloudwatch_metric_alarm"), { alarm_actions: [] }),
      "has no alarm_actions",
    ],
  ],
  "alarm-actions-enabled": [
    [
      "actions switched off",
      (r) => Object.assign(first(r, "aws_cloudwatch_metric_alarm"), { actions_enabled: false }),
      "actions_enabled = false",
    ],
  ],
  "topic-subscribed": [
    [
      "nobody subscribed",
      (r) => {
        for (const [name, one] of Object.entries(r["aws_sns_topic_subscription"] ?? {})) {
          if (one["protocol"] === "email") delete r["aws_sns_topic_subscription"]?.[name];
        }
      },
      "to which nobody is subscribed",
    ],
  ],
  "alarm-missing-data": [
    ["absent", (r) => delete first(r, "aws_cloudwatch_metric_alarm")["treat_missing_data"], "is absent"],
    [
      "ignore",
      (r) => Object.assign(first(r, "aws_cloudwatch_metric_alarm"), { treat_missing_data: "ignore" }),
      "is ignore",
    ],
  ],
  "function-tracing": [
    [
      "PassThrough",
      (r) => Object.assign(first(r, "aws_lambda_function"), { tracing_config: { mode: "PassThrough" } }),
      "tracing mode is PassThrough",
    ],
    ["absent", (r) => delete first(r, "aws_lambda_function")["tracing_config"], "tracing mode is absent"],
  ],
  "function-xray-access": [
    [
      "an application function that reads traces (IAM-3)",
      (r) => breakPolicy(r, /functions_dashboard_access/, '"dynamodb:BatchGetItem"', '"xray:BatchGetTraces"'),
      "too much: xray:BatchGetTraces",
    ],
    [
      "a canary that may not look its traces up (IAM-3)",
      (r) => breakPolicy(r, /functions_canary_access/, '"xray:GetTraceSummaries",', ""),
      "missing xray:GetTraceSummaries",
    ],

    [
      "an action missing",
      (r) => breakPolicy(r, /xray/, '"xray:GetSamplingTargets",', ""),
      "missing xray:GetSamplingTargets",
    ],
    [
      "an action too many",
      (r) =>
        breakPolicy(r, /xray/, '"xray:PutTraceSegments"', '"xray:PutTraceSegments","xray:GetTraceSummaries"'),
      "too much: xray:GetTraceSummaries",
    ],
    [
      "the policy not attached",
      (r) => {
        for (const [name, one] of Object.entries(r["aws_iam_role_policy_attachment"] ?? {})) {
          if (String(one["policy_arn"]).includes("xray")) delete r["aws_iam_role_policy_attachment"]?.[name];
        }
      },
      "missing xray:PutTraceSegments",
    ],
  ],
  "forbidden-variables": [
    [
      "a forbidden variable",
      (r) => breakVariables(r, (v) => Object.assign(v, { AWS_XRAY_MANUAL_MODE: "1" })),
      "AWS_XRAY_MANUAL_MODE",
    ],
  ],
  "function-variables": [
    [
      "response capture left on",
      (r) => breakVariables(r, (v) => delete v["POWERTOOLS_TRACER_CAPTURE_RESPONSE"]),
      "POWERTOOLS_TRACER_CAPTURE_RESPONSE is absent",
    ],
  ],
  "function-attachments-first": [
    ["no depends_on", (r) => delete first(r, "aws_lambda_function")["depends_on"], "depends_on lacks"],
  ],
  "no-inline-policy": [
    [
      "an inline policy resource",
      (r) => Object.assign(r, { aws_iam_role_policy: { planted: { policy: "{}" } } }),
      "an inline policy",
    ],
    [
      "an inline block",
      (r) => Object.assign(first(r, "aws_iam_role"), { inline_policy: [{ name: "x", policy: "{}" }] }),
      "an inline policy",
    ],
  ],
  "log-retention": [
    ["absent", (r) => delete first(r, "aws_cloudwatch_log_group")["retention_in_days"], "for ever"],
    [
      "zero",
      (r) => Object.assign(first(r, "aws_cloudwatch_log_group"), { retention_in_days: 0 }),
      "for ever",
    ],
  ],
  "topic-raw-delivery": [
    [
      "raw delivery to a function (SNS-1)",
      (r) => {
        for (const one of Object.values(r["aws_sns_topic_subscription"] ?? {}))
          one["raw_message_delivery"] = true;
      },
      "raw_message_delivery is true",
    ],
  ],
  "schedule-permission": [
    [
      "no depends_on",
      (r) => delete first(r, "aws_cloudwatch_event_rule")["depends_on"],
      "no aws_lambda_permission",
    ],
  ],
};

/** What a rule calls broken. */
function brokenBy(rule: (typeof RULES)[number], input: RuleInput): readonly Violation[] {
  return rule.judge(input).filter((one): one is Violation => one.outcome === "non-compliant");
}

describe("guard-rails", () => {
  test("the stack as it is breaks no rule and leaves none undecided, in any environment and tier", () => {
    for (const environment of ["dev", "preprod", "prod"] as const) {
      for (const tier of ["essential", "standard", "full"] as const) {
        const terraform = fromSynthesized(synthesize(environment, tier));
        const input = { terraform, ...expectations(environment, tier) };
        const wrong = verdicts(RULES, input).filter(({ judgement }) => judgement.outcome !== "compliant");
        expect(wrong.map(({ rule, judgement }) => `${rule.id} ${judgement.path}`)).toEqual([]);
        expect(violations(input)).toEqual([]);
      }
    }
  });

  test("every rule of our own constructs is broken below; the others have fixtures", () => {
    const ours = RULES.filter((rule) => !PLAN_RULES.includes(rule)).map((rule) => rule.id);
    expect(Object.keys(BREAKAGES)).toEqual(expect.arrayContaining(ours));
  });

  test("every rule has an id of its own, a statement and a reason", () => {
    expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
    for (const rule of RULES) {
      expect(rule.statement).toMatch(/^[A-Z].*\.$/);
      expect(rule.why).toMatch(/^[A-Z].*\.$/);
    }
  });

  for (const rule of RULES.filter((one) => one.id in BREAKAGES)) {
    describe(`${rule.id}: ${rule.statement}`, () => {
      test.each(BREAKAGES[rule.id] ?? [])("refuses %s", (_title, breakIt, reported) => {
        const { resources, input } = production();
        breakIt(resources);
        const found = brokenBy(rule, input());
        expect(found.length).toBeGreaterThan(0);
        expect(found.map((one) => `${one.path} ${one.found}`).join("\n")).toContain(reported);
        for (const one of found) {
          expect(one.path).not.toBe("");
          expect(one.expected).not.toBe("");
          expect(one.nextStep).not.toBe("");
        }
      });
    });
  }

  test("a stack without promises is judged by its own JSON alone", () => {
    const terraform = fromSynthesized({
      resource: { aws_lambda_function: { mine: { function_name: "mine" } } },
    });
    const ids = RULES.filter((rule) => brokenBy(rule, { terraform }).length > 0).map((rule) => rule.id);
    expect(ids).toEqual(
      expect.arrayContaining(["function-tracing", "function-xray-access", "function-variables"]),
    );
  });
});
