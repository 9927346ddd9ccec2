import { awsMetric, awsNamespace } from "../../../policies/aws-metrics";
import { ofType, type TerraformModel } from "../../../policies/terraform/model";
import { targetsOfValue } from "../../../policies/terraform/targets";
import type { MetricRef } from "../../cloudwatch";

/** Dimension keys that name a resource, and the Terraform types it may be. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  FunctionName: ["aws_lambda_function"],
  QueueName: ["aws_sqs_queue"],
  TopicName: ["aws_sns_topic"],
  TableName: ["aws_dynamodb_table"],
  ApiName: ["aws_api_gateway_rest_api"],
  ApiId: ["aws_apigatewayv2_api"],
  RuleName: ["aws_cloudwatch_event_rule"],
  GroupName: ["aws_xray_group"],
  WebACL: ["aws_wafv2_web_acl"],
};

/** Seconds between EstimatedCharges datapoints (CloudWatch user guide, "Create a billing alarm": several times a day). */
const BILLING_SECONDS = 21_600;

/** Whether AWS publishes a metric with these dimensions: never, undecided, or every so many seconds. */
export interface AwsEmission {
  readonly never?: string;
  readonly doubt?: string;
  readonly everySeconds: number;
  readonly silentWhenIdle: boolean;
  readonly unit: string;
  readonly largestSample: number | undefined;
}

function found(terraform: TerraformModel, key: string, value: string, types: readonly string[]): boolean {
  if (targetsOfValue(terraform, value, types).some((one) => one.kind === "resource")) return true;
  const named = types.flatMap((type) => ofType(terraform, type));
  return key === "GroupName" && named.some((one) => one.values["group_name"] === value);
}

/** How AWS publishes one metric of a namespace it owns. */
export function awsEmission(terraform: TerraformModel, ref: MetricRef): AwsEmission {
  const table = awsNamespace(ref.namespace);
  const metric = awsMetric(ref.namespace, ref.name);
  const base = {
    everySeconds: ref.namespace === "AWS/Billing" ? BILLING_SECONDS : (metric?.shortestPeriodSeconds ?? 60),
    silentWhenIdle: metric?.silentWhenIdle === true,
    unit: metric?.unit ?? "None",
    largestSample: metric?.largestSample,
  };
  const where = `${ref.namespace} ${ref.name}`;
  if (table === undefined)
    return { ...base, doubt: `${ref.namespace} is not among the namespaces known here` };
  if (metric === undefined) {
    return table.toBeVerified
      ? { ...base, doubt: `${where} is not in the list known here, which may be incomplete` }
      : { ...base, never: `AWS publishes no metric ${where}` };
  }
  const keys = Object.keys(ref.dimensions).sort();
  const fits = metric.dimensionSets.some((set) => [...set].sort().join() === keys.join());
  if (!fits && !table.toBeVerified) {
    const shown = keys.length === 0 ? "without dimensions" : `with the dimensions ${keys.join(", ")}`;
    return { ...base, never: `AWS never publishes ${where} ${shown}` };
  }
  for (const [key, value] of Object.entries(ref.dimensions)) {
    const types = RESOURCES[key];
    if (types !== undefined && !found(terraform, key, value, types))
      return { ...base, doubt: `no ${types.join(" or ")} of this file is ${key}=${value}` };
  }
  return base;
}
