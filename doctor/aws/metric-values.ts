import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataOutput,
} from "@aws-sdk/client-cloudwatch";
import type { Series } from "../../contract/alarms/definition";
import type { Window } from "../xray/window";

/** Values by start of period, epoch milliseconds. */
export type MetricValues = ReadonlyMap<number, number>;

/** Why an answer is not all there is; nothing when it is. */
function shortcoming({ Messages = [], MetricDataResults = [] }: GetMetricDataOutput): string | undefined {
  const [result] = MetricDataResults;
  const status = result?.StatusCode ?? "Complete";
  const words = [...(result?.Messages ?? []), ...Messages].map(({ Code, Value }) => Value ?? Code ?? "");
  if (status === "Complete" && words.length === 0) return undefined;
  return [status, ...words].join(", ");
}

/**
 * Asks CloudWatch what a metric was.
 *
 * @param periodSeconds length of one period
 * @param incomplete told why, when CloudWatch gives only a part
 * @returns nothing at all then, for a part would be taken for the whole
 * @throws what the SDK throws
 */
export async function metricValues(
  client: CloudWatchClient,
  { namespace, name, dimensions, statistic }: Series,
  periodSeconds: number,
  { fromMs, toMs }: Window,
  incomplete: (why: string) => void,
): Promise<MetricValues> {
  const Metric = {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
  const values = new Map<number, number>();
  let NextToken: string | undefined;
  let short: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ Id: "m", MetricStat: { Metric, Period: periodSeconds, Stat: statistic } }],
        StartTime: new Date(fromMs),
        EndTime: new Date(toMs),
        NextToken,
      }),
    );
    for (const { Timestamps = [], Values = [] } of page.MetricDataResults ?? [])
      for (const [index, value] of Values.entries()) values.set(Number(Timestamps[index]), value);
    // A page that is followed by another is a part, and says so.
    short = shortcoming(page);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  if (short === undefined) return values;
  incomplete(short);
  return new Map();
}
