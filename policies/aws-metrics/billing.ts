import { type AwsNamespace, metricsWith } from "./table";

/** `AWS/Billing`: published a few times a day, to one region whatever the account uses. */
export const BILLING: AwsNamespace = {
  namespace: "AWS/Billing",
  checked: "2026-11-21",
  source:
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html",
  toBeVerified: false,
  onlyRegion: "us-east-1",
  metrics: metricsWith(
    [
      ["Currency"],
      ["Currency", "ServiceName"],
      ["Currency", "LinkedAccount"],
      ["Currency", "LinkedAccount", "ServiceName"],
    ],
    ["EstimatedCharges"],
    { unit: "None", shortestPeriodSeconds: 21600 },
  ),
};
