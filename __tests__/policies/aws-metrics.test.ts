import { alarmCatalogue } from "../../contract/alarms/catalogue";
import { AWS_NAMESPACES, awsMetric, isAwsNamespace } from "../../policies/aws-metrics";
import { dimensionNamesResource } from "../../policies/rules/cannot-fire/dimension-names-resource";
import { fromSynthesized } from "../../policies/terraform/synthesized";

describe("the table of AWS metrics", () => {
  test.each(AWS_NAMESPACES.map((one) => [one.namespace, one] as const))(
    "%s is dated and has a source",
    (_, one) => {
      expect(one.checked).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(one.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(one.metrics.length).toBeGreaterThan(0);
      for (const metric of one.metrics) {
        expect(metric.dimensionSets.length).toBeGreaterThan(0);
        expect([60, 300, 21600]).toContain(metric.shortestPeriodSeconds);
        for (const set of metric.dimensionSets) expect(new Set(set).size).toBe(set.length);
      }
      const names = one.metrics.map((metric) => metric.name);
      expect(new Set(names).size).toBe(names.length);
    },
  );

  test("R-35 Function URLs have Url5xxCount and no Url5xxError", () => {
    expect(awsMetric("AWS/Lambda", "Url5xxCount")).toBeDefined();
    expect(awsMetric("AWS/Lambda", "Url5xxError")).toBeUndefined();
  });

  test("every AWS metric of our own catalogue is in it, with its dimensions", () => {
    const series = alarmCatalogue("prod").flatMap(({ signal }) =>
      signal.kind === "metric" ? [signal.series] : signal.kind === "math" ? Object.values(signal.series) : [],
    );
    const ours = series.filter((one) => isAwsNamespace(one.namespace));
    expect(ours.length).toBeGreaterThan(5);
    for (const { namespace, name, dimensions } of ours) {
      const sets = awsMetric(namespace, name)?.dimensionSets.map((set) => [...set].sort().join());
      expect([name, sets]).toEqual([name, expect.arrayContaining([Object.keys(dimensions).sort().join()])]);
    }
  });

  test("a dimension made from the ARN of a queue is refused, one made from its name is not", () => {
    const alarm = (attribute: string) => ({
      alarm_name: attribute,
      namespace: "AWS/SQS",
      metric_name: "NumberOfMessagesSent",
      dimensions: { QueueName: `\${aws_sqs_queue.jobs.${attribute}}` },
    });
    const terraform = fromSynthesized({
      resource: {
        aws_sqs_queue: { jobs: { name_prefix: "jobs-" } },
        aws_cloudwatch_metric_alarm: { by_arn: alarm("arn"), by_name: alarm("name") },
      },
    });
    const judged = dimensionNamesResource.judge({ terraform });
    expect(judged.map((one) => one.outcome)).toEqual(["non-compliant", "compliant"]);
  });
});
