import { CANARY } from "../../contract/canary";
import type { Environment } from "../../contract/names";
import type { RoleFinding } from "./drift";
import { errorCode, isRefusal } from "./errors";
import { type Followed, gapsOf, type TraceVerdict } from "./judge";
import type { Findings } from "./lookup";
import type { MarkerFinding } from "./marker";
import type { Submission } from "./segments";
import type { Trouble, TroubleKind } from "./troubles";
import type { VersionFinding } from "./version-skew";

function trouble(kind: TroubleKind, detail: string, rest: Partial<Trouble> = {}): Trouble {
  return { kind, detail, atOnce: false, amount: 0, ...rest };
}

function failed(kind: TroubleKind, error: unknown): Trouble {
  return trouble(kind, errorCode(error), { atOnce: isRefusal(error) });
}

function some(kind: TroubleKind, { length: amount }: readonly string[], rest: Partial<Trouble> = {}) {
  return amount === 0 ? [] : [trouble(kind, `${amount} of ${CANARY.segmentsPerRun}`, { amount, ...rest })];
}

/** What X-Ray made of the call that handed the test segments over; what that costs counts as a loss. */
export function submissionTroubles({ error, unprocessed }: Submission): readonly Trouble[] {
  const codes = [...new Set(unprocessed)].join();
  const { length: amount } = unprocessed;
  return [
    ...(error === undefined ? [] : [failed("segments_refused", error)]),
    ...some("segments_unprocessed", unprocessed, {
      detail: `${amount} of ${CANARY.segmentsPerRun} (${codes})`,
    }),
  ];
}

/** What a run knows of its test traces. */
export interface Traced {
  readonly verdict: TraceVerdict;
  readonly findings: Findings;
  /** Where X-Ray puts traces, when it was asked. */
  readonly destination: string | undefined;
}

/**
 * What is wrong with the way of traces. A loss of no more than {@link CANARY.mostLoss} is a figure and no trouble yet;
 * when it goes on, the last hour's completeness tells (FR-036).
 *
 * @param completeness of the last hour, when it speaks of enough runs
 */
export function traceTroubles(
  { verdict, findings, destination }: Traced,
  completeness: number | undefined,
): readonly Trouble[] {
  const { lost, partial, unindexed, unreadable } = verdict;
  const share = lost.length / CANARY.segmentsPerRun;
  const incomplete = completeness !== undefined && completeness < CANARY.leastCompleteness;
  return [
    ...(destination === "CloudWatchLogs"
      ? [trouble("transaction_search", destination, { atOnce: true })]
      : []),
    ...(findings.error === undefined ? [] : [failed("traces_unread", findings.error)]),
    // That none arrives is no accident of one trace.
    ...(share > CANARY.mostLoss ? some("traces_lost", lost, { atOnce: share === 1 }) : []),
    ...some("traces_partial", partial),
    ...some("traces_unindexed", unindexed),
    ...some("traces_unreadable", unreadable),
    ...(incomplete ? [trouble("completeness_low", completeness.toFixed(3))] : []),
  ];
}

/** What is wrong with the way of metrics, before this run's own are sent. */
export function markerTroubles(finding: MarkerFinding): readonly Trouble[] {
  if (finding.kind === "missing")
    return [trouble("metric_missing", "the marker of the run before", { atOnce: true })];
  return finding.kind === "unread" ? [failed("metrics_unread", finding.error)] : [];
}

/** What is wrong with sending this run's metrics. */
export function metricTroubles(error: unknown): readonly Trouble[] {
  return error === undefined ? [] : [failed("metrics_refused", error)];
}

/**
 * What is wrong with requests and their traces; nothing is said of traces when they cannot be read at all, or were looked
 * at for the last time before they had to be there.
 */
export function requestTroubles(
  environment: Environment,
  followed: readonly Followed[],
  { look, error }: Findings,
  { unreadable }: TraceVerdict,
): readonly Trouble[] {
  return followed.flatMap((one): readonly Trouble[] => {
    if (one.probe.failure !== undefined) return [trouble(one.kind, one.probe.failure)];
    if (look === undefined || error !== undefined || unreadable.length > 0) return [];
    const gaps = gapsOf(environment, one, look);
    return gaps.length === 0 ? [] : [trouble(one.kind, gaps.join(", "), { amount: gaps.length })];
  });
}

/** Functions that may no longer write traces, with the actions they lack (IAM-4). */
export function driftTroubles(roles: readonly RoleFinding[]): readonly Trouble[] {
  const drifted = roles.flatMap((role) =>
    "missing" in role && role.missing.length > 0 ? [`${role.service}: ${role.missing.join(", ")}`] : [],
  );
  const amount = roles.reduce((sum, role) => sum + ("missing" in role ? role.missing.length : 0), 0);
  return amount === 0 ? [] : [trouble("permission_drift", drifted.join("; "), { atOnce: true, amount })];
}

/** What could not be inspected. Only refusals make it more: which calls a throttle hits is chance. */
export function inspectionTroubles(
  roles: readonly RoleFinding[],
  versions: VersionFinding,
): readonly Trouble[] {
  const failures = [
    ...roles.flatMap((role) => ("error" in role ? [[`role of ${role.service}`, role.error] as const] : [])),
    ...("error" in versions ? [["versions", versions.error] as const] : []),
  ];
  if (failures.length === 0) return [];
  const amount = failures.filter(([, error]) => isRefusal(error)).length;
  const detail = failures.map(([what, error]) => `${what}: ${errorCode(error)}`).join("; ");
  return [trouble("inspection_failed", detail, { amount })];
}

/** What is wrong with reading the canary's own memory. @param code of the error */
export function memoryTroubles(code: string | undefined): readonly Trouble[] {
  return code === undefined ? [] : [trouble("state_unread", code, { atOnce: true })];
}

/** What is wrong with keeping it. @param code of the error */
export function unwrittenTroubles(code: string): readonly Trouble[] {
  return [trouble("state_unwritten", code, { atOnce: true })];
}

/** A run that came to no end of its own. */
export function brokenTroubles(error: unknown): readonly Trouble[] {
  return [trouble("canary_broke", errorCode(error), { atOnce: true })];
}
