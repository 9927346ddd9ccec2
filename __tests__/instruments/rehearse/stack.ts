import { type Rehearsal, type RehearsalInput, rehearse } from "../../../instruments/rehearse/rehearsal";
import type { ScenarioFile } from "../../../instruments/rehearse/scenario-schema";
import type { EmitterKnowledge } from "../../../policies/rules/knowledge";
import { isObject, type JsonObject, type TerraformModel } from "../../../policies/terraform/model";
import { fromSynthesized } from "../../../policies/terraform/synthesized";

/** A custom namespace the role of `job` may write. */
export const NAMESPACE = "Shop/App";

/** An alarm on one metric with sound settings, overridden as a test needs. */
export function alarm(name: string, rest: JsonObject): JsonObject {
  return {
    [name]: {
      alarm_name: name,
      alarm_actions: ["arn:aws:sns:eu-west-1:123456789012:alarms"],
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      period: 300,
      evaluation_periods: 1,
      statistic: "Sum",
      treat_missing_data: "missing",
      ...rest,
    },
  };
}

/** An alarm on a metric of `job` that Lambda publishes. */
export function lambdaAlarm(name: string, metric: string, rest: JsonObject = {}): JsonObject {
  const on = { namespace: "AWS/Lambda", metric_name: metric, dimensions: { FunctionName: "job" } };
  return alarm(name, { ...on, ...rest });
}

/** An alarm on a custom metric. */
export function customAlarm(name: string, metric: string, rest: JsonObject = {}): JsonObject {
  return alarm(name, { namespace: NAMESPACE, metric_name: metric, ...rest });
}

const POLICY = JSON.stringify({
  Statement: [
    {
      Effect: "Allow",
      Action: ["cloudwatch:PutMetricData"],
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": [NAMESPACE] } },
    },
  ],
});

function fn(name: string, rest: JsonObject = {}): JsonObject {
  return {
    aws_iam_role: { [name]: { name, assume_role_policy: "{}" } },
    aws_lambda_function: {
      [name]: {
        function_name: name,
        role: `\${aws_iam_role.${name}.arn}`,
        timeout: 30,
        memory_size: 512,
        ...rest,
      },
    },
  };
}

/** A function `job` that runs by schedule and may write {@link NAMESPACE}. */
export function job(schedule = "rate(1 minute)", rest: JsonObject = {}): JsonObject {
  return merged(fn("job", rest), {
    aws_iam_role_policy: { job: { role: "${aws_iam_role.job.name}", policy: POLICY } },
    aws_cloudwatch_event_rule: { job: { name: "job", schedule_expression: schedule } },
    aws_cloudwatch_event_target: {
      job: { rule: "${aws_cloudwatch_event_rule.job.name}", arn: "${aws_lambda_function.job.arn}" },
    },
  });
}

/** A function `worker` that a topic starts, with a dead-letter queue `lost`. */
export function worker(): JsonObject {
  return merged(fn("worker", { dead_letter_config: { target_arn: "${aws_sqs_queue.lost.arn}" } }), {
    aws_sqs_queue: { lost: { name: "lost" } },
    aws_sns_topic: { work: { name: "work" } },
    aws_sns_topic_subscription: {
      worker: {
        protocol: "lambda",
        topic_arn: "${aws_sns_topic.work.arn}",
        endpoint: "${aws_lambda_function.worker.arn}",
      },
    },
  });
}

/** Knowledge that `job` emits some metrics without dimensions, and nothing else. */
export function known(...metrics: readonly string[]): EmitterKnowledge {
  const emits = metrics.map((metric) => ({ namespace: NAMESPACE, metric, dimensions: {} }));
  return { functions: { job: { handlerErrors: "raised", invoked: "yes", emits, logLines: [] } } };
}

/** Resources of several parts as one. */
export function merged(...parts: readonly JsonObject[]): JsonObject {
  const all: Record<string, JsonObject> = {};
  for (const part of parts) {
    for (const [type, resources] of Object.entries(part))
      all[type] = { ...all[type], ...(isObject(resources) ? resources : {}) };
  }
  return all;
}

/** A Terraform model of some parts and metric alarms. */
export function stack(parts: readonly JsonObject[], ...alarms: readonly JsonObject[]): TerraformModel {
  const metricAlarms = alarms.map((one) => ({ aws_cloudwatch_metric_alarm: one }));
  return fromSynthesized({ resource: merged(...parts, ...metricAlarms) });
}

/** Rehearses a model with some scenarios; a normal day by default. */
export function rehearsed(
  terraform: TerraformModel,
  scenarios: ScenarioFile["scenarios"] = [
    { id: "normal", title: "Normal", kind: "quiet", lastsSeconds: 3600, effects: [] },
  ],
  settings: Partial<RehearsalInput> & { readonly knowledge?: EmitterKnowledge } = {},
): Rehearsal {
  return rehearse({
    file: "test.json",
    terraform,
    scenarioFile: "scenarios.json",
    scenarios: { scenarios },
    tier: "full",
    lagSeconds: 60,
    ...settings,
  });
}
