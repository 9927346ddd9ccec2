import { namespacesOf } from "../../contract/metrics";
import { APPLICATION_SERVICES, SERVICE_KEYS } from "../../contract/services";
import { ofType } from "../../policies/terraform/model";
import {
  atHome,
  every,
  functionOf,
  grantsOf,
  named,
  only,
  policiesOf,
  ref,
  STACKS,
  statements,
} from "./parts";

const FIVE = [
  "xray:GetSamplingRules",
  "xray:GetSamplingStatisticSummaries",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** What the canary alone may read (IAM-3). */
const READS = ["xray:BatchGetTraces", "xray:GetTraceSegmentDestination", "xray:GetTraceSummaries"];

describe.each(STACKS)("permissions in %s", (environment, terraform) => {
  const functions = every(terraform, "aws_lambda_function");
  const key = atHome(terraform, "aws_kms_key");

  test("IAM-1 every role has exactly the five X-Ray actions, on *", () => {
    expect(functions).toHaveLength(SERVICE_KEYS.length);
    for (const fn of functions) {
      const tracing = grantsOf(terraform, fn).filter((one) => one.Action.some((a) => a.startsWith("xray:")));
      const reads = fn.values["function_name"] === `${environment}-sentiment-canary` ? READS : [];
      expect(tracing.flatMap((one) => one.Action).sort()).toEqual([...FIVE, ...reads].sort());
      for (const one of tracing) expect(one).toMatchObject({ Effect: "Allow" });
      for (const one of tracing) expect([one.Resource].flat()).toEqual(["*"]);
    }
  });

  test("IAM-1 every function has a role of its own, assumed by Lambda alone", () => {
    expect(new Set(functions.map((fn) => fn.values["role"])).size).toBe(functions.length);
    const used = functions.map((fn) => fn.values["role"]);
    for (const role of every(terraform, "aws_iam_role").filter((one) => used.includes(ref(one, "arn")))) {
      const trust = only(statements(role.values["assume_role_policy"]));
      expect(trust).toMatchObject({
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      });
    }
  });

  test("IAM-2 no policy is inline and no managed policy of AWS is attached", () => {
    expect(ofType(terraform, "aws_iam_role_policy")).toEqual([]);
    for (const role of every(terraform, "aws_iam_role")) {
      expect(role.values).not.toHaveProperty("inline_policy");
      expect(role.values).not.toHaveProperty("managed_policy_arns");
    }
    for (const one of every(terraform, "aws_iam_role_policy_attachment")) {
      expect(one.values["policy_arn"]).toMatch(/^\$\{aws_iam_policy\..+\.arn\}$/);
    }
  });

  test("IAM-3 no application role may read traces", () => {
    const application = APPLICATION_SERVICES.map((service) => functionOf(terraform, environment, service));
    const actions = application.flatMap((fn) => grantsOf(terraform, fn)).flatMap((one) => one.Action);
    for (const action of actions) {
      expect(action).not.toMatch(/\*/);
      expect(action).not.toMatch(/^xray:(BatchGet|GetTrace|GetGroup|GetServiceGraph|GetInsight)/);
    }
  });

  test("IAM-5 every function depends on all attachments of its role", () => {
    for (const fn of functions) {
      const arns = policiesOf(terraform, fn).map((policy) => ref(policy, "arn"));
      const role = only(
        every(terraform, "aws_iam_role").filter((one) => ref(one, "arn") === fn.values["role"]),
      );
      const attachments = every(terraform, "aws_iam_role_policy_attachment").filter(
        (one) => one.values["role"] === ref(role, "name"),
      );
      expect(attachments).toHaveLength(arns.length);
      expect([...(fn.values["depends_on"] as string[])].sort()).toEqual(
        attachments.map((one) => one.address).sort(),
      );
    }
  });

  test("D2 the customer key admits exactly cloudwatch, events, budgets and sns, for this account", () => {
    const services = statements(key.values["policy"]).filter(
      (one) => one.Principal?.["Service"] !== undefined,
    );
    const statement = only(services);
    expect([statement.Principal?.["Service"] ?? []].flat().sort()).toEqual([
      "budgets.amazonaws.com",
      "cloudwatch.amazonaws.com",
      "events.amazonaws.com",
      "sns.amazonaws.com",
    ]);
    expect([...statement.Action].sort()).toEqual(["kms:Decrypt", "kms:GenerateDataKey*"]);
    expect(statement.Condition).toEqual({ StringEquals: { "aws:SourceAccount": "${var.account_id}" } });
    expect(key.values).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
  });

  test("D2 the alarm topic uses that key and lets the three services publish", () => {
    const topic = named(terraform, "aws_sns_topic", "name", `${environment}-sentiment-alarms`);
    expect(topic.values["kms_master_key_id"]).toBe(ref(key, "arn"));
    const policy = named(terraform, "aws_sns_topic_policy", "arn", ref(topic, "arn"));
    expect(statements(policy.values["policy"])).toEqual([
      {
        Sid: "ServicesPublish",
        Effect: "Allow",
        Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"] },
        Action: ["sns:Publish"],
        Resource: ref(topic, "arn"),
        Condition: { StringEquals: { "aws:SourceAccount": "${var.account_id}" } },
      },
    ]);
  });

  test("D3 who uses the encrypted topic or secrets may decrypt, and nobody else", () => {
    const keyActions = (service: string) =>
      grantsOf(terraform, functionOf(terraform, environment, service)).filter((one) =>
        one.Action.some((action) => action.startsWith("kms:")),
      );
    for (const service of ["ingestion", "analysis", "dashboard", "notification"]) {
      expect(only(keyActions(service))).toMatchObject({
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [ref(key, "arn")],
      });
    }
    expect(keyActions("metrics")).toEqual([]);
  });

  test.each(SERVICE_KEYS)("D4 the namespaces %s may write are exactly those it emits", (service) => {
    const emit = grantsOf(terraform, functionOf(terraform, environment, service)).filter((one) =>
      one.Action.includes("cloudwatch:PutMetricData"),
    );
    // The API's errors and delays are the gateway's metrics: it emits none of its own.
    const namespaces = service === "dashboard" ? [] : ["SentimentAnalyzer/Reliability"];
    expect(namespacesOf(service)).toEqual(namespaces);
    expect(emit.map((one) => one.Condition)).toEqual(
      namespaces.map(() => ({ StringEquals: { "cloudwatch:namespace": namespaces } })),
    );
  });

  test("MET-3 only the metrics function and the canary may read metrics", () => {
    const readers = functions.filter((fn) =>
      grantsOf(terraform, fn).some((one) => one.Action.includes("cloudwatch:GetMetricData")),
    );
    expect(readers.map((fn) => fn.values["function_name"])).toEqual(
      ["metrics", "canary"].map((service) => `${environment}-sentiment-${service}`),
    );
  });

  test("no statement is on * but those of actions that know no resource", () => {
    for (const one of functions.flatMap((fn) => grantsOf(terraform, fn))) {
      if (!one.Action.every((action) => /^xray:|^cloudwatch:(PutMetricData|GetMetricData)$/.test(action))) {
        expect([one.Resource].flat()).not.toContain("*");
        // A reference, or an ARN written out to its end, with a region wherever there is one.
        const exact =
          /^(\$\{aws_|arn:aws:(iam:|(ssm|lambda|sns):[a-z0-9-]+):\$\{var\.account_id\}:[\w:/-]+$)/;
        for (const arn of [one.Resource].flat()) expect(arn).toMatch(exact);
      }
    }
  });
});
