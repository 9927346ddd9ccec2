import { APPLICATION_SERVICES, isAsynchronous } from "../../contract/services";
import { ofType, type Resource } from "../../policies/terraform/model";
import { every, functionOf, named, object, only, ref, STACKS, statements } from "./parts";

describe.each(STACKS)("topics and queue in %s", (environment, terraform) => {
  const queue = only(every(terraform, "aws_sqs_queue"));
  const requests = named(terraform, "aws_sns_topic", "name", `${environment}-sentiment-analysis-requests`);
  const notifications = named(terraform, "aws_sns_topic", "name", `${environment}-sentiment-notifications`);
  const subscriptions = every(terraform, "aws_sns_topic_subscription").filter(
    ({ values }) => values["protocol"] === "lambda",
  );
  const here = (one: Resource) => one.region === "eu-west-1";
  const rules = every(terraform, "aws_cloudwatch_event_rule").filter(here);

  test("SNS-1 both topics and the functions around them are traced, and delivery is not raw (D14)", () => {
    for (const service of ["ingestion", "analysis", "notification"]) {
      const fn = functionOf(terraform, environment, service);
      expect(fn.values["tracing_config"]).toEqual({ mode: "Active" });
    }
    for (const topic of [requests, notifications]) expect(topic.values["tracing_config"]).toBe("Active");
    const fed = [
      { topic: requests, service: "analysis" },
      { topic: notifications, service: "notification" },
    ];
    expect(subscriptions.map(({ values }) => values)).toEqual(
      fed.map(({ topic, service }) =>
        expect.objectContaining({
          topic_arn: ref(topic, "arn"),
          endpoint: ref(functionOf(terraform, environment, service), "arn"),
          raw_message_delivery: false,
        }),
      ),
    );
  });

  test("SNS-1 SNS may write the segments of exactly the traced topics", () => {
    const policy = only(every(terraform, "aws_xray_resource_policy"));
    expect(only(statements(policy.values["policy_document"]))).toMatchObject({
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["xray:PutTraceSegments", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
      Condition: {
        StringEquals: { "aws:SourceAccount": "${var.account_id}" },
        ArnLike: { "aws:SourceArn": [ref(requests, "arn"), ref(notifications, "arn")] },
      },
    });
  });

  test("every topic is under the customer key and has a policy", () => {
    const keys = every(terraform, "aws_kms_key");
    for (const topic of every(terraform, "aws_sns_topic")) {
      const key = only(keys.filter(({ region }) => region === topic.region));
      expect(topic.values["kms_master_key_id"]).toBe(ref(key, "arn"));
      named(terraform, "aws_sns_topic_policy", "arn", ref(topic, "arn"));
    }
  });

  test("only ingestion's role publishes analysis requests, and only analysis' role alerts (D14)", () => {
    for (const [topic, service] of [
      [requests, "ingestion"],
      [notifications, "analysis"],
    ] as const) {
      const policy = named(terraform, "aws_sns_topic_policy", "arn", ref(topic, "arn"));
      expect(only(statements(policy.values["policy"]))).toMatchObject({
        Principal: { AWS: [functionOf(terraform, environment, service).values["role"]] },
        Action: ["sns:Publish"],
        Resource: ref(topic, "arn"),
      });
    }
  });

  test("alarms are mailed to the address asked for", () => {
    const mail = every(terraform, "aws_sns_topic_subscription").filter(
      ({ values }) => values["protocol"] === "email",
    );
    const nouns = ["alarms", "canary-alerts", ...(environment === "prod" ? ["billing"] : [])];
    const topics = nouns.map((noun) =>
      named(terraform, "aws_sns_topic", "name", `${environment}-sentiment-${noun}`),
    );
    expect(mail.map(({ values }) => values["topic_arn"])).toEqual(topics.map((topic) => ref(topic, "arn")));
    for (const { values } of mail) expect(values["endpoint"]).toBe("${var.alert_email}");
  });

  test("every asynchronous function of the application, subscription and schedule ends in the dead-letter queue", () => {
    for (const service of APPLICATION_SERVICES.filter(isAsynchronous)) {
      const fn = functionOf(terraform, environment, service);
      expect(fn.values["dead_letter_config"]).toEqual({ target_arn: ref(queue, "arn") });
      const retries = named(
        terraform,
        "aws_lambda_function_event_invoke_config",
        "function_name",
        ref(fn, "function_name"),
      );
      expect(retries.values["maximum_retry_attempts"]).toBe(2);
    }
    for (const { values } of subscriptions) {
      expect(JSON.parse(String(values["redrive_policy"]))).toEqual({
        deadLetterTargetArn: ref(queue, "arn"),
      });
    }
    for (const target of every(terraform, "aws_cloudwatch_event_target").filter(here)) {
      expect(target.values["dead_letter_config"]).toEqual({ arn: ref(queue, "arn") });
    }
  });

  test("the queue accepts exactly these topics' and these rules' events", () => {
    expect(queue.values).toMatchObject({
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
    });
    const policy = only(every(terraform, "aws_sqs_queue_policy"));
    const found = statements(policy.values["policy"]);
    const bySource = found.map((one) => [
      one.Principal?.["Service"],
      object(object(one.Condition)["ArnEquals"])["aws:SourceArn"],
    ]);
    expect(Object.fromEntries(bySource)).toEqual({
      "sns.amazonaws.com": [ref(requests, "arn"), ref(notifications, "arn")],
      "events.amazonaws.com": rules.map(
        (rule) => `arn:aws:events:eu-west-1:\${var.account_id}:rule/${String(rule.values["name"])}`,
      ),
    });
    for (const one of found) {
      expect(one).toMatchObject({ Action: ["sqs:SendMessage"], Resource: ref(queue, "arn") });
    }
  });

  test("the permission to start a function exists before the rule or subscription that starts it", () => {
    const starters = [...rules, ...subscriptions];
    const permissions = ofType(terraform, "aws_lambda_permission").filter(
      ({ values }) => values["principal"] !== "apigateway.amazonaws.com",
    );
    expect(permissions).toHaveLength(starters.length);
    for (const starter of starters) {
      const permission = only(
        permissions.filter((one) => (starter.values["depends_on"] as string[]).includes(one.address)),
      );
      expect(permission.values["source_arn"]).toBe(
        starter.values["topic_arn"] ??
          `arn:aws:events:eu-west-1:\${var.account_id}:rule/${String(starter.values["name"])}`,
      );
    }
  });
});
