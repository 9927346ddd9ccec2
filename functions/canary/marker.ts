import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { RELIABILITY_NAMESPACE } from "../../contract/metrics";
import type { CommonConfig } from "../runtime/config";
import { dataOf } from "../runtime/metric-data";
import type { Marker } from "./state";

/** What became of the metric the run before has written. */
export type MarkerFinding =
  | { readonly kind: "found" }
  | { readonly kind: "missing" }
  | { readonly kind: "nothing_to_find" }
  /** CloudWatch may not show it yet. */
  | { readonly kind: "too_young" }
  | { readonly kind: "unread"; readonly error: unknown };

const MINUTE_MS = 60_000;
/** Milliseconds within which CloudWatch may still be about to show a metric. */
const YOUNG_MS = 2 * MINUTE_MS;

/** The marker of a run: a number no other run writes. @param now milliseconds since 1970 */
export function newMarker(now: number): Marker {
  return { value: Math.floor(now / 1000), at: now };
}

/**
 * The marker the next run is to look for. One that was too young is looked for again: were it replaced, runs in quick
 * succession would never look at metrics at all.
 *
 * @param before what this run had to look for
 * @param written what it has written itself, if CloudWatch took it
 */
export function nextMarker(
  { kind }: MarkerFinding,
  before: Marker | undefined,
  written: Marker | undefined,
): Marker | undefined {
  return kind === "too_young" ? before : written;
}

/**
 * Looks whether the metric the run before has written is there (CAN-5). That CloudWatch accepts metrics does not show
 * that it keeps them. Never throws.
 *
 * @param now milliseconds since 1970
 */
export async function checkMarker(
  cloudWatch: CloudWatchClient,
  config: CommonConfig,
  marker: Marker | undefined,
  now: number,
): Promise<MarkerFinding> {
  // One of the future is another clock's, and would never be old enough.
  if (marker === undefined || marker.at > now) return { kind: "nothing_to_find" };
  if (now - marker.at < YOUNG_MS) return { kind: "too_young" };
  const [datum] = dataOf(config, "CanaryMarker", marker.value, {});
  const minute = Math.floor(marker.at / MINUTE_MS) * MINUTE_MS;
  try {
    const { MetricDataResults = [] } = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(minute),
        EndTime: new Date(minute + 2 * MINUTE_MS),
        MetricDataQueries: [
          {
            Id: "marker",
            MetricStat: {
              Metric: {
                Namespace: RELIABILITY_NAMESPACE,
                MetricName: datum?.MetricName,
                Dimensions: datum?.Dimensions,
              },
              Period: 60,
              Stat: "Maximum",
            },
          },
        ],
      }),
    );
    const values = MetricDataResults.flatMap(({ Values = [] }) => Values);
    return { kind: values.includes(marker.value) ? "found" : "missing" };
  } catch (error) {
    return { kind: "unread", error };
  }
}
