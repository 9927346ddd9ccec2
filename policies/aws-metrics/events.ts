import { type AwsNamespace, metricsWith } from "./table";

const RULE = [["RuleName"], ["EventBusName", "RuleName"]] as const;
const BUS = [[], ["EventBusName"], ...RULE] as const;

/** `AWS/Events`: rules of the default bus by name alone, of other buses by bus and name. */
export const EVENTS: AwsNamespace = {
  namespace: "AWS/Events",
  checked: "2026-11-21",
  source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html",
  toBeVerified: false,
  metrics: [
    ...metricsWith(RULE, ["DeadLetterInvocations", "InvocationsFailedToBeSentToDlq", "InvocationsSentToDlq"]),
    ...metricsWith([["EventSourceName"]], ["Events"]),
    ...metricsWith(BUS, [
      "FailedInvocations",
      "Invocations",
      "InvocationAttempts",
      "InvocationsCreated",
      "MatchedEvents",
      "RetryInvocationAttempts",
      "SuccessfulInvocationAttempts",
      "ThrottledRules",
      "TriggeredRules",
      "PutPartnerEventsApproximateCallCount",
      "PutPartnerEventsApproximateFailedCount",
      "PutPartnerEventsApproximateSuccessCount",
      "PutPartnerEventsApproximateThrottledCount",
      "PutPartnerEventsEntriesCount",
      "PutPartnerEventsFailedEntriesCount",
      "PutEventsApproximateCallCount",
      "PutEventsApproximateFailedCount",
      "PutEventsApproximateSuccessCount",
      "PutEventsApproximateThrottledCount",
      "PutEventsEntriesCount",
      "PutEventsFailedEntriesCount",
    ]),
    ...metricsWith(
      BUS,
      [
        "IngestionToInvocationCompleteLatency",
        "IngestionToInvocationStartLatency",
        "IngestionToInvocationSuccessLatency",
        "PutEventsLatency",
        "PutPartnerEventsLatency",
      ],
      { unit: "Milliseconds" },
    ),
    ...metricsWith(BUS, ["PutEventsRequestSize"], { unit: "Bytes" }),
  ],
};
