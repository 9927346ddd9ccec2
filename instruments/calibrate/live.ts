import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { TerraformModel } from "../../policies/terraform/model";
import { at } from "../../policies/terraform/targets";
import { type Alarm, isComposite, type MetricRef, metricKey } from "../cloudwatch";
import { rehearsedAlarms } from "../rehearse/alarms";
import { InputError } from "../terraform-file";
import { type BaselinePoint, type BaselineSeries, timestampOf } from "./baseline";

/** Most queries of one GetMetricData request (CloudWatch API). */
const QUERIES_PER_REQUEST = 500;
const MINUTE_SECONDS = 60;
/** One-minute data is kept for so long (CloudWatch user guide, "Metrics retention"). */
const MOST_DAYS = 15;

/** A stretch of time without incident, epoch ms. */
export interface LiveRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A metric, the statistic an alarm reads of it, and the region it lives in. */
interface Wanted {
  readonly metric: MetricRef;
  readonly statistic: string;
  readonly region: string | undefined;
}

/**
 * The range of `--from` and `--to`.
 *
 * @throws InputError when one is missing or unreadable, or they are not at most 15 days apart
 */
export function liveRange(from: string | undefined, to: string | undefined): LiveRange {
  const read = (option: string, given: string | undefined): number => {
    const time = timestampOf(given);
    if (time !== undefined) return time;
    throw new InputError(
      option,
      given ?? "nothing",
      "an ISO 8601 time with a zone",
      "--from 2026-11-01T00:00:00Z",
    );
  };
  const range = { fromMs: read("--from", from), toMs: read("--to", to) };
  const days = (range.toMs - range.fromMs) / 86_400_000;
  if (days > 0 && days <= MOST_DAYS) return range;
  throw new InputError(
    "--from, --to",
    `${Math.round(days * 10) / 10} days`,
    `more than 0 and at most ${MOST_DAYS} days, as long as CloudWatch keeps one-minute data`,
    "choose a week without incident",
  );
}

function readings(alarm: Alarm): readonly { readonly metric: MetricRef; readonly statistic: string }[] {
  if (isComposite(alarm)) return [];
  const { signal } = alarm;
  if (signal.kind === "metric") return [signal];
  return signal.queries.flatMap((query) => ("metric" in query ? [query] : []));
}

function wanted(terraform: TerraformModel): readonly Wanted[] {
  const found = new Map<string, Wanted>();
  for (const { alarm, address } of rehearsedAlarms(terraform).readable) {
    const region = at(terraform, address)?.region;
    for (const { metric, statistic } of readings(alarm)) {
      const key = metricKey(metric);
      if (!found.has(key)) found.set(key, { metric, statistic, region });
    }
  }
  return [...found.values()];
}

function query(one: Wanted, index: number): MetricDataQuery {
  const Dimensions = Object.entries(one.metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: { Namespace: one.metric.namespace, MetricName: one.metric.name, Dimensions },
      Period: MINUTE_SECONDS,
      Stat: one.statistic,
    },
  };
}

async function fetchAll(client: CloudWatchClient, part: readonly Wanted[], range: LiveRange) {
  const points: BaselinePoint[][] = part.map(() => []);
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: part.map(query),
        StartTime: new Date(range.fromMs),
        EndTime: new Date(range.toMs),
        ScanBy: "TimestampAscending",
        NextToken,
      }),
    );
    for (const { Id, Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const own = points[Number(Id?.slice(1))];
      for (const [i, value] of Values.entries())
        own?.push({ timestamp: Number(Timestamps[i]), value, place: `${Id}: datapoint ${own.length}` });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return points;
}

/**
 * Asks CloudWatch what every metric the alarms of a file watch was, one statistic a minute, in the alarms' own regions.
 * Endpoint and credentials are the AWS SDK's (`AWS_ENDPOINT_URL`, `AWS_PROFILE` and so on).
 *
 * @throws InputError with CloudWatch's own words when it refuses
 */
export async function liveBaseline(
  terraform: TerraformModel,
  range: LiveRange,
  progress: (text: string) => void,
): Promise<readonly BaselineSeries[]> {
  const all = wanted(terraform);
  const series: BaselineSeries[] = [];
  for (const region of [...new Set(all.map((one) => one.region))]) {
    const client = new CloudWatchClient(region === undefined ? {} : { region });
    const own = all.filter((one) => one.region === region);
    try {
      for (let start = 0; start < own.length; start += QUERIES_PER_REQUEST) {
        const part = own.slice(start, start + QUERIES_PER_REQUEST);
        progress(`asking CloudWatch in ${region ?? "the default region"} for ${part.length} metrics`);
        const points = await fetchAll(client, part, range);
        for (const [i, { metric }] of part.entries())
          series.push({ metric, points: points[i] ?? [], place: `m${i}` });
      }
    } catch (error) {
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new InputError(
        "--live",
        words,
        "CloudWatch to answer GetMetricData",
        "check credentials, region and the permission cloudwatch:GetMetricData",
      );
    } finally {
      client.destroy();
    }
  }
  return series;
}
