import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { permissionDriftSeries } from "../../contract/alarms/series";
import type { Environment } from "../../contract/names";
import { functionName, type ServiceKey } from "../../contract/services";
import { clientOptions } from "../aws/client-options";
import { metricValues } from "../aws/metric-values";
import { awsFault } from "../aws/trouble";
import type { Finding, Verdict } from "./finding";

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
/** How long CloudWatch may take to show what it was sent, milliseconds. */
const SHOWN_MS = 2 * MINUTE_MS;

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

/** How it stands: `waiting` as long as the canary may still tell. */
export type DriftStanding =
  | { readonly kind: "told"; readonly minutes: number }
  | { readonly kind: "unwatched" | "missing-before" | "waiting" | "silent" | "untold" };

/** Says how it stands with a permission that was taken away; to the minute, as CloudWatch keeps it. */
export function standingOf({ changed }: TakenPermission, { AskedAt, Told }: DriftTold): DriftStanding {
  const minute = minuteOf(changed);
  const before = Told.filter(({ At }) => Date.parse(At) < minute);
  const after = Told.filter(({ At }) => Date.parse(At) >= minute);
  if (before.length === 0) return { kind: "unwatched" };
  if (before.some(({ Value }) => Value > 0)) return { kind: "missing-before" };
  const first = after.find(({ Value }) => Value > 0);
  if (first !== undefined)
    return { kind: "told", minutes: Math.round((Date.parse(first.At) - minute) / MINUTE_MS) };
  if (Date.parse(AskedAt) < changed + DRIFT_MINUTES * MINUTE_MS + SHOWN_MS) return { kind: "waiting" };
  return { kind: after.length === 0 ? "silent" : "untold" };
}

const CANARY_PAGE = "see whether the canary runs: docs/canary.md";

/** Found, verdict and next step for each standing but the good one. */
const WORDS: Readonly<Record<Exclude<DriftStanding["kind"], "told">, readonly [string, Verdict, string]>> = {
  unwatched: [
    "nothing told in the half hour before the change",
    "undecided",
    `${CANARY_PAGE}; then take a permission again`,
  ],
  "missing-before": [
    "a permission was missing before the change",
    "undecided",
    "see whether --changed is when it was taken; otherwise apply, wait half an hour, and take it again",
  ],
  waiting: ["not told of so far", "undecided", "ask again later, with the same --changed"],
  silent: ["nothing told after the change", "undecided", CANARY_PAGE],
  untold: [
    `not told of in ${DRIFT_MINUTES} minutes`,
    "failed",
    "see whether the change took one of the five X-Ray actions, then docs/runbooks/permission-drift.md",
  ],
};

/**
 * [AWS] IAM-4: doctor/gates/drift.ts
 *
 * Judges whether the canary told in time of a permission that was taken away.
 */
export function judgeDrift(taken: TakenPermission, told: DriftTold): readonly Finding[] {
  const standing = standingOf(taken, told);
  const [found, verdict, nextStep] =
    standing.kind === "told"
      ? ([`told of after ${standing.minutes} min`, "passed", ""] as const)
      : WORDS[standing.kind];
  const what = functionName(taken.environment, taken.service);
  const expected = `told of within ${DRIFT_MINUTES} minutes, and of nothing before`;
  return [{ what, found, expected, verdict, nextStep }];
}
