import { type AwsNamespace, metricsWith } from "./table";

const TOPIC = [["TopicName"]] as const;

/** `AWS/SNS`. */
export const SNS: AwsNamespace = {
  namespace: "AWS/SNS",
  checked: "2026-11-21",
  source: "https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html",
  toBeVerified: false,
  metrics: [
    ...metricsWith(TOPIC, [
      "NumberOfMessagesPublished",
      "NumberOfNotificationsDelivered",
      "NumberOfNotificationsFilteredOut",
      "NumberOfNotificationsFilteredOut-InvalidAttributes",
      "NumberOfNotificationsFilteredOut-NoMessageAttributes",
      "NumberOfNotificationsFilteredOut-InvalidMessageBody",
      "NumberOfNotificationsFilteredOut-MessageAttributes",
      "NumberOfNotificationsFilteredOut-MessageBody",
      "NumberOfNotificationsRedrivenToDlq",
      "NumberOfNotificationsFailedToRedriveToDlq",
    ]),
    ...metricsWith(
      [
        ...TOPIC,
        ["Application", "Platform"],
        ["Application"],
        ["Platform"],
        ["Country", "SMSType"],
        ["PhoneNumber"],
      ],
      ["NumberOfNotificationsFailed"],
    ),
    ...metricsWith(TOPIC, ["PublishSize"], { unit: "Bytes" }),
    ...metricsWith([[], ["Country", "SMSType"], ["PhoneNumber"]], ["SMSSuccessRate"], { largestSample: 1 }),
    ...metricsWith([[]], ["SMSMonthToDateSpentUSD"], { unit: "None" }),
    ...metricsWith([["PhoneNumber"]], ["PhoneNumberDirect"]),
  ],
};
