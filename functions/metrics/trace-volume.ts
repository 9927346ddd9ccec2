import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Environment } from "../../contract/names";
import { traceGroupName, XRAY_TRACE_COUNT } from "../../contract/sampling";
import { SPANS } from "../../contract/spans";
import { cloudWatch } from "../runtime/clients";
import { annotate, traced } from "../runtime/tracing";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The last day, and the week before it to compare with. */
const DAYS = 8;

/**
 * Traces recorded in the last 24 hours as a multiple of the daily mean of the seven days before (MET-3, FR-161).
 *
 * @param now epoch milliseconds
 * @returns `undefined` while there is no week to compare with, because a ratio to nothing is no figure
 * @throws whatever CloudWatch answers
 */
export async function dailyTraceRatio(environment: Environment, now: number): Promise<number | undefined> {
  return traced(SPANS.traceVolumeQuery, async () => {
    const end = Math.floor(now / HOUR_MS) * HOUR_MS;
    const { MetricDataResults } = await cloudWatch().send(
      new GetMetricDataCommand({
        StartTime: new Date(end - DAYS * DAY_MS),
        EndTime: new Date(end),
        MetricDataQueries: [
          {
            Id: "traces",
            MetricStat: {
              Metric: {
                Namespace: XRAY_TRACE_COUNT.namespace,
                MetricName: XRAY_TRACE_COUNT.name,
                Dimensions: [
                  { Name: XRAY_TRACE_COUNT.dimension, Value: traceGroupName(environment, "live-traces") },
                ],
              },
              Period: HOUR_MS / 1000,
              Stat: "Sum",
            },
          },
        ],
      }),
    );
    const { Timestamps = [], Values = [] } = MetricDataResults?.[0] ?? {};
    annotate("item_count", Values.length);
    const since = end - DAY_MS;
    const sum = (wanted: (time: number) => boolean) =>
      Values.reduce((total, value, i) => total + (wanted(Number(Timestamps[i])) ? value : 0), 0);
    const before = sum((time) => time < since);
    return before === 0 ? undefined : sum((time) => time >= since) / (before / (DAYS - 1));
  });
}
