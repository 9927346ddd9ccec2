import { type AwsNamespace, metricsWith } from "./table";

const GROUP = [["GroupName"]] as const;

/** Metrics of X-Ray groups. Names and dimensions wait for a look at a real account (VERIFY 4). */
export const XRAY: AwsNamespace = {
  namespace: "AWS/X-Ray",
  checked: "2026-11-21",
  source: "https://docs.aws.amazon.com/xray/latest/devguide/xray-console-groups.html",
  toBeVerified: true,
  metrics: [
    ...metricsWith(GROUP, ["ApproximateTraceCount"]),
    ...metricsWith(GROUP, ["ResponseTime"], { unit: "Seconds" }),
    ...metricsWith(GROUP, ["FaultRate", "ErrorRate", "ThrottleRate", "OkRate"], { unit: "Percent" }),
  ],
};
