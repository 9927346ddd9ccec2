import { type AwsNamespace, metricsWith } from "./table";

const BY_FUNCTION = [
  [],
  ["FunctionName"],
  ["FunctionName", "Resource"],
  ["ExecutedVersion", "FunctionName", "Resource"],
] as const;
const BY_MAPPING = [
  ...BY_FUNCTION,
  ["EventSourceMappingUUID"],
  ["EventSourceMappingUUID", "FunctionName"],
] as const;
const BY_URL = [["FunctionName"], ["FunctionName", "Resource"]] as const;
const OUTCOME = { largestSample: 1 } as const;

/** `AWS/Lambda`, with the metrics of Function URLs. */
export const LAMBDA: AwsNamespace = {
  namespace: "AWS/Lambda",
  checked: "2026-11-21",
  source:
    "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html and https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html",
  toBeVerified: false,
  metrics: [
    ...metricsWith(BY_FUNCTION, ["Invocations"], { ...OUTCOME, silentWhenIdle: true }),
    ...metricsWith(BY_FUNCTION, ["Errors", "Throttles"], OUTCOME),
    ...metricsWith(BY_FUNCTION, [
      "DeadLetterErrors",
      "DestinationDeliveryFailures",
      "OversizedRecordCount",
      "RecursiveInvocationsDropped",
      "ProvisionedConcurrencyInvocations",
      "ProvisionedConcurrencySpilloverInvocations",
      "AsyncEventsReceived",
      "AsyncEventsDropped",
      "SignatureValidationErrors",
    ]),
    ...metricsWith(BY_FUNCTION, ["Duration"], { unit: "Milliseconds", silentWhenIdle: true }),
    ...metricsWith(BY_FUNCTION, ["PostRuntimeExtensionsDuration", "AsyncEventAge"], { unit: "Milliseconds" }),
    ...metricsWith(BY_MAPPING, ["IteratorAge", "OffsetLag"], { unit: "Milliseconds" }),
    ...metricsWith(BY_MAPPING, [
      "PolledEventCount",
      "FilteredOutEventCount",
      "InvokedEventCount",
      "FailedInvokeEventCount",
      "DroppedEventCount",
      "OnFailureDestinationDeliveredEventCount",
      "DeletedEventCount",
      "ProvisionedPollers",
    ]),
    ...metricsWith(BY_FUNCTION, [
      "ConcurrentExecutions",
      "ProvisionedConcurrentExecutions",
      "ClaimedAccountConcurrency",
    ]),
    ...metricsWith(BY_FUNCTION, ["ProvisionedConcurrencyUtilization"], { unit: "None", ...OUTCOME }),
    ...metricsWith([[]], ["UnreservedConcurrentExecutions"]),
    ...metricsWith(BY_URL, ["UrlRequestCount"], { ...OUTCOME, silentWhenIdle: true }),
    ...metricsWith(BY_URL, ["Url4xxCount", "Url5xxCount"], OUTCOME),
    ...metricsWith(BY_URL, ["UrlRequestLatency"], { unit: "Milliseconds", silentWhenIdle: true }),
  ],
};
