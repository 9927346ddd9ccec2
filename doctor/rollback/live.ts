import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Series } from "../../contract/alarms/definition";
import type { Environment } from "../../contract/names";
import { ROLLBACK_PERIOD_SECONDS, rollbackSeries, rollbackTarget } from "../../contract/rollback";
import { clientOptions } from "../aws/client-options";
import { awsFault } from "../aws/trouble";
import { coldStartsOf } from "../gates/log-source";
import { percentile } from "../gates/percentile";
import type { ColdStart } from "../gates/report-line";
import type { Observed, Reading } from "./observed";

const PERIOD_MS = ROLLBACK_PERIOD_SECONDS * 1000;

/** Whole periods, epoch milliseconds. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The whole periods before now. @param minutes how far to look back */
export function stretchBefore(now: number, minutes: number): Stretch {
  const toMs = Math.floor(now / PERIOD_MS) * PERIOD_MS;
  return { fromMs: toMs - Math.ceil((minutes * 60_000) / PERIOD_MS) * PERIOD_MS, toMs };
}

/** Values by start of period, epoch milliseconds. */
type Values = ReadonlyMap<number, number>;

async function valuesOf(
  client: CloudWatchClient,
  { namespace, name, dimensions, statistic }: Series,
  { fromMs, toMs }: Stretch,
): Promise<Values> {
  const Metric = {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
  const values = new Map<number, number>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [
          { Id: "m", MetricStat: { Metric, Period: ROLLBACK_PERIOD_SECONDS, Stat: statistic } },
        ],
        StartTime: new Date(fromMs),
        EndTime: new Date(toMs),
        NextToken,
      }),
    );
    for (const { Timestamps = [], Values = [] } of page.MetricDataResults ?? [])
      for (const [index, value] of Values.entries()) values.set(Number(Timestamps[index]), value);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return values;
}

function readings(values: Values, turn: (value: number) => number): readonly Reading[] {
  return [...values].sort(([a], [b]) => a - b).map(([at, value]) => ({ at, value: turn(value) }));
}

/** Errors as a share of invocations; a period without either has no share. */
function errorShares(failed: Values, invoked: Values): readonly Reading[] {
  return readings(invoked, (calls) => calls).flatMap(({ at, value: calls }) => {
    const errors = failed.get(at);
    return errors === undefined || calls === 0 ? [] : [{ at, value: (100 * errors) / calls }];
  });
}

function coldStartReadings(starts: readonly ColdStart[], { fromMs, toMs }: Stretch): readonly Reading[] {
  const periods = new Map<number, number[]>();
  for (const { at, initMs } of starts) {
    if (at === undefined || at < fromMs || at >= toMs) continue;
    const start = Math.floor(at / PERIOD_MS) * PERIOD_MS;
    periods.set(start, [...(periods.get(start) ?? []), initMs]);
  }
  return [...periods].sort(([a], [b]) => a - b).map(([at, all]) => ({ at, value: percentile(all, 99) }));
}

async function metricsOf(environment: Environment, region: string | undefined, stretch: Stretch) {
  const client = new CloudWatchClient(clientOptions(region));
  const { failed, invoked, memoryMb, arrived } = rollbackSeries(environment);
  try {
    return {
      failed: await valuesOf(client, failed, stretch),
      invoked: await valuesOf(client, invoked, stretch),
      memoryMb: await valuesOf(client, memoryMb, stretch),
      arrived: await valuesOf(client, arrived, stretch),
    };
  } catch (error) {
    throw awsFault(error, { action: "cloudwatch:GetMetricData", region });
  } finally {
    client.destroy();
  }
}

/**
 * Asks CloudWatch and Lambda's log what the triggers are about.
 *
 * @throws InputError when AWS does not answer
 */
export async function liveObserved(
  environment: Environment,
  region: string | undefined,
  stretch: Stretch,
): Promise<Observed> {
  const { logGroup, memoryMb } = rollbackTarget(environment);
  const told = await metricsOf(environment, region, stretch);
  const starts = await coldStartsOf({ kind: "log-group", name: logGroup, region, since: stretch.fromMs });
  return {
    until: stretch.toMs,
    readings: {
      "cold-start": coldStartReadings(starts, stretch),
      errors: errorShares(told.failed, told.invoked),
      memory: readings(told.memoryMb, (megabytes) => (100 * megabytes) / memoryMb),
      completeness: readings(told.arrived, (share) => 100 * share),
    },
  };
}
