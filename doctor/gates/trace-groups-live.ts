import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { GetGroupsCommand, XRayClient } from "@aws-sdk/client-xray";
import { XRAY_TRACE_COUNT } from "../../contract/sampling";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";
import type { TraceGroupsSeen } from "./trace-groups";

/** Asks X-Ray for all groups of the account and region. @throws InputError when it does not answer */
export async function liveGroups(region: string | undefined): Promise<TraceGroupsSeen["Groups"]> {
  const client = new XRayClient(clientOptions(region));
  const found: TraceGroupsSeen["Groups"] = [];
  try {
    let NextToken: string | undefined;
    do {
      const page = await client.send(new GetGroupsCommand({ NextToken }));
      for (const { GroupName = "", FilterExpression = "", InsightsConfiguration } of page.Groups ?? [])
        found.push({
          GroupName,
          FilterExpression,
          InsightsEnabled: InsightsConfiguration?.InsightsEnabled === true,
        });
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
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
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new ListMetricsCommand({ Namespace: XRAY_TRACE_COUNT.namespace, NextToken }),
      );
      for (const { MetricName = "", Dimensions = [] } of page.Metrics ?? [])
        found.push({
          MetricName,
          Dimensions: Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value])),
        });
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  } catch (error) {
    throw awsFault(error, { action: "cloudwatch:ListMetrics", region });
  } finally {
    client.destroy();
  }
}
