import { type AwsNamespace, metricsWith } from "./table";

const GROUP = [["LogGroupName"]] as const;
const ACCOUNT_OR_GROUP = [[], ...GROUP] as const;
const SUBSCRIPTION = [...GROUP, ["DestinationType", "FilterName", "LogGroupName"]] as const;

/** `AWS/Logs`; the list of usage metrics is not complete. */
export const LOGS: AwsNamespace = {
  namespace: "AWS/Logs",
  checked: "2026-11-21",
  source:
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html",
  toBeVerified: true,
  metrics: [
    ...metricsWith(ACCOUNT_OR_GROUP, ["IncomingLogEvents"]),
    ...metricsWith(ACCOUNT_OR_GROUP, ["IncomingBytes"], { unit: "Bytes" }),
    ...metricsWith(GROUP, [
      "EMFParsingErrors",
      "EMFValidationErrors",
      "TransformationErrors",
      "TransformedLogEvents",
    ]),
    ...metricsWith(GROUP, ["TransformedBytes"], { unit: "Bytes" }),
    ...metricsWith(SUBSCRIPTION, ["DeliveryErrors", "DeliveryThrottling", "ForwardedLogEvents"]),
    ...metricsWith(SUBSCRIPTION, ["ForwardedBytes"], { unit: "Bytes" }),
  ],
};
