import { type AwsMetric, type AwsNamespace, metricsWith } from "./table";

const TABLE = [["TableName"]] as const;
const INDEX = [...TABLE, ["GlobalSecondaryIndexName", "TableName"]] as const;
const OPERATION = [["Operation", "TableName"]] as const;
const ACCOUNT: AwsMetric["dimensionSets"] = [[]];
const FIVE_MINUTES = { shortestPeriodSeconds: 300 } as const;

/** `AWS/DynamoDB`. `UserErrors` counts per account and region, never per table; `SystemErrors` per operation. */
export const DYNAMODB: AwsNamespace = {
  namespace: "AWS/DynamoDB",
  checked: "2026-11-21",
  source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html",
  toBeVerified: false,
  metrics: [
    ...metricsWith(ACCOUNT, ["UserErrors"]),
    ...metricsWith(
      ACCOUNT,
      ["AccountMaxReads", "AccountMaxWrites", "AccountMaxTableLevelReads", "AccountMaxTableLevelWrites"],
      FIVE_MINUTES,
    ),
    ...metricsWith(
      ACCOUNT,
      ["AccountProvisionedReadCapacityUtilization", "AccountProvisionedWriteCapacityUtilization"],
      {
        ...FIVE_MINUTES,
        unit: "Percent",
        largestSample: 100,
      },
    ),
    ...metricsWith(
      INDEX,
      ["MaxProvisionedTableReadCapacityUtilization", "MaxProvisionedTableWriteCapacityUtilization"],
      {
        ...FIVE_MINUTES,
        unit: "Percent",
        largestSample: 100,
      },
    ),
    ...metricsWith(
      [...OPERATION, ["Operation", "StreamLabel", "TableName"]],
      ["SystemErrors", "ThrottledRequests"],
    ),
    ...metricsWith([...OPERATION, ["Operation", "StreamLabel", "TableName"]], ["SuccessfulRequestLatency"], {
      unit: "Milliseconds",
    }),
    ...metricsWith(OPERATION, ["ReturnedItemCount"]),
    ...metricsWith([["Operation", "StreamLabel", "TableName"]], ["ReturnedRecordsCount"]),
    ...metricsWith([["Operation", "StreamLabel", "TableName"]], ["ReturnedBytes"], { unit: "Bytes" }),
    ...metricsWith(
      [...INDEX, ...OPERATION],
      [
        "ConsumedReadCapacityUnits",
        "ConsumedWriteCapacityUnits",
        "ReadThrottleEvents",
        "WriteThrottleEvents",
        "ReadAccountLimitThrottleEvents",
        "WriteAccountLimitThrottleEvents",
        "ReadKeyRangeThroughputThrottleEvents",
        "WriteKeyRangeThroughputThrottleEvents",
        "ReadMaxOnDemandThroughputThrottleEvents",
        "WriteMaxOnDemandThroughputThrottleEvents",
        "ReadProvisionedThroughputThrottleEvents",
        "WriteProvisionedThroughputThrottleEvents",
      ],
    ),
    ...metricsWith(
      INDEX,
      [
        "ProvisionedReadCapacityUnits",
        "ProvisionedWriteCapacityUnits",
        "OnDemandMaxReadRequestUnits",
        "OnDemandMaxWriteRequestUnits",
      ],
      FIVE_MINUTES,
    ),
    ...metricsWith(TABLE, [
      "ConditionalCheckFailedRequests",
      "TransactionConflict",
      "TimeToLiveDeletedItemCount",
    ]),
    ...metricsWith(
      [["GlobalSecondaryIndexName", "TableName"]],
      ["OnlineIndexConsumedWriteCapacity", "OnlineIndexThrottleEvents"],
      FIVE_MINUTES,
    ),
    ...metricsWith([["GlobalSecondaryIndexName", "TableName"]], ["OnlineIndexPercentageProgress"], {
      ...FIVE_MINUTES,
      largestSample: 100,
    }),
    ...metricsWith([["ReceivingRegion", "TableName"]], ["ReplicationLatency"], { unit: "Milliseconds" }),
    ...metricsWith([["ReceivingRegion", "TableName"]], ["PendingReplicationCount"]),
    ...metricsWith([["DelegatedOperation", "TableName"]], ["AgeOfOldestUnreplicatedRecord"], {
      unit: "Milliseconds",
    }),
    ...metricsWith(
      [["DelegatedOperation", "TableName"]],
      ["ConsumedChangeDataCaptureUnits", "FailedToReplicateRecordCount", "ThrottledPutRecordCount"],
    ),
    ...metricsWith([["TableName", "Verb"]], ["FaultInjectionServiceInducedErrors"]),
  ],
};
