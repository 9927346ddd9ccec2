import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { Series } from "../../contract/alarms/definition";
import type { Environment } from "../../contract/names";
import { ROLLBACK_PERIOD_SECONDS, rollbackSeries, rollbackTarget } from "../../contract/rollback";
import { clientOptions } from "../aws/client-options";
import { type MetricValues, metricValues } from "../aws/metric-values";
import { awsFault } from "../aws/trouble";
import { coldStartsOf } from "../gates/log-source";
import type { ColdStart } from "../gates/report-line";
import type { Window } from "../xray/window";
import type { Observed, Reading } from "./observed";

const PERIOD_MS = ROLLBACK_PERIOD_SECONDS * 1000;

/** The whole periods before now. @param minutes how far to look back */
export function stretchBefore(now: number, minutes: number): Window {
  const toMs = Math.floor(now / PERIOD_MS) * PERIOD_MS;
  return { fromMs: toMs - Math.ceil((minutes * 60_000) / PERIOD_MS) * PERIOD_MS, toMs };
}

function readings(values: MetricValues, turn: (value: number) => number): readonly Reading[] {
  return [...values].sort(([a], [b]) => a - b).map(([at, value]) => ({ at, value: turn(value) }));
}

/** Errors as a share of invocations; a period without either has no share. */
function errorShares(failed: MetricValues, invoked: MetricValues): readonly Reading[] {
  return readings(invoked, (calls) => calls).flatMap(({ at, value: calls }) => {
    const errors = failed.get(at);
    return errors === undefined || calls === 0 ? [] : [{ at, value: (100 * errors) / calls }];
  });
}

function coldStartReadings(starts: readonly ColdStart[], { fromMs, toMs }: Window): readonly Reading[] {
  return starts
    .flatMap(({ at, initMs }) =>
      at === undefined || at < fromMs || at >= toMs ? [] : [{ at, value: initMs }],
    )
    .sort((a, b) => a.at - b.at);
}

async function metricsOf(
  environment: Environment,
  region: string | undefined,
  stretch: Window,
  progress: (text: string) => void,
) {
  const client = new CloudWatchClient(clientOptions(region));
  const { failed, invoked, memoryMb, arrived } = rollbackSeries(environment);
  const ask = (series: Series) =>
    metricValues(client, series, ROLLBACK_PERIOD_SECONDS, stretch, (short) =>
      progress(`CloudWatch does not tell all of ${series.name} (${short}): it counts as not measured`),
    );
  try {
    return {
      failed: await ask(failed),
      invoked: await ask(invoked),
      memoryMb: await ask(memoryMb),
      arrived: await ask(arrived),
    };
  } catch (error) {
    throw awsFault(error, { action: "cloudwatch:GetMetricData", region });
  } finally {
    client.destroy();
  }
}

/**
 * Asks CloudWatch and Lambda's log what the triggers are about. What CloudWatch tells only in part is left out.
 *
 * @param progress told what is left out
 * @throws InputError when AWS does not answer
 */
export async function liveObserved(
  environment: Environment,
  region: string | undefined,
  stretch: Window,
  progress: (text: string) => void,
): Promise<Observed> {
  const { logGroup, memoryMb } = rollbackTarget(environment);
  const told = await metricsOf(environment, region, stretch, progress);
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
