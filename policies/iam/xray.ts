import { type PolicyDocument, policyDocument } from "./document";

/** What a role needs to write traces and read sampling decisions: these five, no more (IAM-1, R-14). */
export const XRAY_WRITE_ACTIONS = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:GetSamplingStatisticSummaries",
] as const;

/** The document that lets a role write traces. X-Ray's write actions know no resource but `*` (service reference). */
export function xrayWriteDocument(): PolicyDocument {
  return policyDocument([
    { Sid: "WriteTraces", Effect: "Allow", Action: [...XRAY_WRITE_ACTIONS], Resource: "*" },
  ]);
}
