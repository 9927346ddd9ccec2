import { CloudWatchClient, paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import { paginateGetGroups, XRayClient } from "@aws-sdk/client-xray";
import { XRAY_TRACE_COUNT } from "../../contract/sampling";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";
import type { TraceGroupsSeen } from "./trace-groups";

/** Asks X-Ray for all groups of the account and region. @throws InputError when it does not answer */
export async function liveGroups(region: string | undefined): Promise<TraceGroupsSeen["Groups"]> {
  const client = new XRayClient(clientOptions(region));
  const found: TraceGroupsSeen["Groups"] = [];
  try {
    for await (const { Groups = [] } of paginateGetGroups({ client }, {}))
      for (const { GroupName = "", FilterExpression = "", InsightsConfiguration } of Groups)
        found.push({
          GroupName,
          FilterExpression,
          InsightsEnabled: InsightsConfiguration?.InsightsEnabled === true,
        });
    return found;
  } catch (error) {
    throw awsFault(error, { action: "xray:GetGroups", region });
  } finally {
    client.destroy();
  }
}

/** Asks CloudWatch which metrics X-Ray publishes. @throws InputError when it does not answer */
export async function xrayMetrics(region: string | undefined): Promise<TraceGroupsSeen["Metrics"]> {
  const client = new CloudWatchClient(clientOptions(region));
  const found: TraceGroupsSeen["Metrics"] = [];
  try {
    const { namespace: Namespace } = XRAY_TRACE_COUNT;
    for await (const { Metrics = [] } of paginateListMetrics({ client }, { Namespace }))
      for (const { MetricName = "", Dimensions = [] } of Metrics)
        found.push({
          MetricName,
          Dimensions: Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value])),
        });
    return found;
  } catch (error) {
    throw awsFault(error, { action: "cloudwatch:ListMetrics", region });
  } finally {
    client.destroy();
  }
}
