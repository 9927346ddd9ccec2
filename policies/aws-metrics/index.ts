import { API_GATEWAY } from "./api-gateway";
import { BILLING } from "./billing";
import { DYNAMODB } from "./dynamodb";
import { EVENTS } from "./events";
import { LAMBDA } from "./lambda";
import { LOGS } from "./logs";
import { SNS } from "./sns";
import { SQS } from "./sqs";
import type { AwsMetric, AwsNamespace } from "./table";
import { WAF } from "./waf";
import { XRAY } from "./xray";

/** Every AWS namespace this project knows. */
export const AWS_NAMESPACES: readonly AwsNamespace[] = [
  LAMBDA,
  API_GATEWAY,
  DYNAMODB,
  SNS,
  SQS,
  EVENTS,
  XRAY,
  BILLING,
  LOGS,
  WAF,
];

/** The table of a namespace; `undefined` when it is not known. */
export function awsNamespace(namespace: string): AwsNamespace | undefined {
  return AWS_NAMESPACES.find((one) => one.namespace === namespace);
}

/** A metric of a known namespace; `undefined` when the table has none of that name. */
export function awsMetric(namespace: string, name: string): AwsMetric | undefined {
  return awsNamespace(namespace)?.metrics.find((one) => one.name === name);
}

/** True for namespaces only AWS may write. */
export function isAwsNamespace(namespace: string): boolean {
  return namespace.startsWith("AWS/");
}
