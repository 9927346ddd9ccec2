import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { permissionDriftSeries } from "../../contract/alarms/series";
import type { Environment } from "../../contract/names";
import { functionName, type ServiceKey } from "../../contract/services";
import { clientOptions } from "../aws/client-options";
import { metricValues } from "../aws/metric-values";
import { awsFault } from "../aws/trouble";
import type { Finding } from "./finding";

const INSTANT = v.pipe(v.string(), v.isoTimestamp("an ISO 8601 time with a zone"));

/**
 * What the canary told of a function's role until somebody asked, minute by minute: 0 when it may do all, more when it
 * lacks an action.
 */
export const DRIFT_TOLD = v.object({
  AskedAt: INSTANT,
  Told: v.array(v.object({ At: INSTANT, Value: v.number() })),
});

/** See {@link DRIFT_TOLD}. */
export type DriftTold = v.InferOutput<typeof DRIFT_TOLD>;

/** A permission that somebody took from a function's role on purpose. */
export interface TakenPermission {
  readonly environment: Environment;
  readonly service: ServiceKey;
  /** When, epoch milliseconds. */
  readonly changed: number;
}

/** Minutes within which the canary has to tell of it (IAM-4). */
export const DRIFT_MINUTES = 15;

/** How far before the change to look, minutes: six scheduled runs of the canary. */
const BEFORE_MINUTES = 30;
const MINUTE_MS = 60_000;

/** The minute in which something is told at a time. */
function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS) * MINUTE_MS;
}

/**
 * Asks CloudWatch what the canary told around the change.
 *
 * @param now epoch milliseconds
 * @param progress told when CloudWatch gives only a part, which counts as nothing
 * @throws InputError when it does not answer
 */
export async function driftTold(
  { environment, service, changed }: TakenPermission,
  region: string | undefined,
  now: number,
  progress: (text: string) => void,
): Promise<DriftTold> {
  const client = new CloudWatchClient(clientOptions(region));
  const series = permissionDriftSeries(environment, service);
  const from = minuteOf(changed);
  const window = { fromMs: from - BEFORE_MINUTES * MINUTE_MS, toMs: from + (DRIFT_MINUTES + 1) * MINUTE_MS };
  try {
    const values = await metricValues(client, series, 60, window, (why) =>
      progress(`CloudWatch does not tell all of ${series.name} (${why}): it counts as not told`),
    );
    const Told = [...values]
      .sort(([a], [b]) => a - b)
      .map(([time, Value]) => ({ At: new Date(time).toISOString(), Value }));
    return { AskedAt: new Date(now).toISOString(), Told };
  } catch (error) {
    throw awsFault(error, { action: "cloudwatch:GetMetricData", region });
  } finally {
    client.destroy();
  }
}

/** Whether the canary told of a missing permission, in the minute of the change or after it. */
export function isTold({ Told }: DriftTold, changed: number): boolean {
  return Told.some(({ At, Value }) => Value > 0 && Date.parse(At) >= minuteOf(changed));
}

/**
 * [AWS] IAM-4: doctor/gates/drift.ts
 *
 * Judges whether the canary told in time of a permission that was taken away.
 */
export function judgeDrift(
  { environment, service, changed }: TakenPermission,
  { AskedAt, Told }: DriftTold,
): readonly Finding[] {
  const before = Told.filter(({ At }) => Date.parse(At) < minuteOf(changed));
  const first = Told.find(({ At, Value }) => Value > 0 && Date.parse(At) >= minuteOf(changed));
  const finding = {
    what: functionName(environment, service),
    expected: `told of within ${DRIFT_MINUTES} minutes, and of nothing before`,
  };
  const undecided = (found: string, nextStep: string): readonly Finding[] => [
    { ...finding, found, nextStep, verdict: "undecided" },
  ];
  if (before.length === 0)
    return undecided(
      "not told of before the change",
      "see whether the canary ran in the half hour before: docs/canary.md; then take a permission again",
    );
  if (before.some(({ Value }) => Value > 0))
    return undecided(
      "a permission was missing before the change",
      "apply, wait until IAMPolicyDrift has been 0 for half an hour, then take a permission again",
    );
  if (first !== undefined) {
    const minutes = Math.max(0, Math.round((Date.parse(first.At) - minuteOf(changed)) / MINUTE_MS));
    return [{ ...finding, found: `told of after ${minutes} min`, verdict: "passed", nextStep: "" }];
  }
  if (Date.parse(AskedAt) < changed + DRIFT_MINUTES * MINUTE_MS)
    return undecided("not told of so far", "ask again later, or without --no-wait");
  if (before.length === Told.length)
    return undecided("nothing told after the change", "see whether the canary still runs: docs/canary.md");
  return [
    {
      ...finding,
      found: `not told of in ${DRIFT_MINUTES} minutes`,
      verdict: "failed",
      nextStep:
        "see whether the change took one of the five X-Ray actions, then docs/runbooks/permission-drift.md",
    },
  ];
}
