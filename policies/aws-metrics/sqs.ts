import { type AwsNamespace, metricsWith } from "./table";

const QUEUE = [["QueueName"]] as const;

/** `AWS/SQS`. */
export const SQS: AwsNamespace = {
  namespace: "AWS/SQS",
  checked: "2026-11-21",
  source:
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
  toBeVerified: false,
  metrics: [
    ...metricsWith(QUEUE, [
      "ApproximateNumberOfGroupsWithInflightMessages",
      "ApproximateNumberOfMessagesDelayed",
      "ApproximateNumberOfMessagesNotVisible",
      "ApproximateNumberOfMessagesVisible",
      "ApproximateNumberOfNoisyGroups",
      "NumberOfDeduplicatedSentMessages",
      "NumberOfEmptyReceives",
      "NumberOfMessagesDeleted",
      "NumberOfMessagesReceived",
      "NumberOfMessagesSent",
    ]),
    ...metricsWith(QUEUE, ["ApproximateAgeOfOldestMessage"], { unit: "Seconds" }),
    ...metricsWith(QUEUE, ["SentMessageSize"], { unit: "Bytes" }),
  ],
};
