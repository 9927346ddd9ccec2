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

function trouble(kind: TroubleKind, detail: string, atOnce = false): Trouble {
  return { kind, detail, atOnce };
}

function failed(kind: TroubleKind, error: unknown): Trouble {
  return trouble(kind, errorCode(error), isRefusal(error));
}

function some(kind: TroubleKind, ids: readonly string[], of: number, atOnce = false): readonly Trouble[] {
  return ids.length === 0 ? [] : [trouble(kind, `${ids.length} of ${of}`, atOnce)];
}

/** What is wrong with the way of traces. */
export function traceTroubles(
  submission: Submission,
  findings: Findings,
  verdict: TraceVerdict,
  completeness: number | undefined,
): readonly Trouble[] {
  const { error, unprocessed, traceIds } = submission;
  const sent = traceIds.length;
  const incomplete = completeness !== undefined && completeness < CANARY.leastCompleteness;
  return [
    ...(error === undefined ? [] : [failed("segments_refused", error)]),
    ...(unprocessed.length === 0
      ? []
      : [
          trouble(
            "segments_unprocessed",
            `${unprocessed.length} of ${sent} (${[...new Set(unprocessed)].join()})`,
          ),
        ]),
    ...(findings.error === undefined ? [] : [failed("traces_unread", findings.error)]),
    // That none arrives is no accident of one trace.
    ...some("traces_lost", verdict.lost, sent, verdict.lost.length === sent),
    ...some("traces_partial", verdict.partial, sent),
    ...some("traces_unreadable", verdict.unreadable, sent),
    ...(incomplete ? [trouble("completeness_low", completeness.toFixed(3))] : []),
  ];
}

/** What is wrong with the way of metrics, before this run's own are sent. */
export function markerTroubles(finding: MarkerFinding): readonly Trouble[] {
  if (finding.kind === "missing") return [trouble("metric_missing", "the marker of the run before", true)];
  return finding.kind === "unread" ? [failed("metrics_unread", finding.error)] : [];
}

/** What is wrong with sending this run's metrics. */
export function metricTroubles(error: unknown): readonly Trouble[] {
  return error === undefined ? [] : [failed("metrics_refused", error)];
}

/** What is wrong with the traces of requests; nothing is said of them when traces cannot be read at all. */
export function requestTroubles(
  environment: Environment,
  followed: readonly Followed[],
  { look }: Findings,
  { unreadable }: TraceVerdict,
): readonly Trouble[] {
  return followed.flatMap((one): readonly Trouble[] => {
    if (one.probe.failure !== undefined) return [trouble(one.kind, one.probe.failure)];
    const gaps = look === undefined || unreadable.length > 0 ? [] : gapsOf(environment, one, look);
    return gaps.length === 0 ? [] : [trouble(one.kind, gaps.join(", "))];
  });
}

/** Functions that may no longer write traces, with the actions they lack (IAM-4). */
export function driftTroubles(roles: readonly RoleFinding[]): readonly Trouble[] {
  const drifted = roles.flatMap((role) =>
    "missing" in role && role.missing.length > 0 ? [`${role.service}: ${role.missing.join(", ")}`] : [],
  );
  return drifted.length === 0 ? [] : [trouble("permission_drift", drifted.join("; "), true)];
}

/** What could not be inspected. */
export function inspectionTroubles(
  roles: readonly RoleFinding[],
  versions: VersionFinding,
): readonly Trouble[] {
  const errors = [
    ...roles.flatMap((role) =>
      "error" in role ? [`role of ${role.service}: ${errorCode(role.error)}`] : [],
    ),
    ...("error" in versions ? [`versions: ${errorCode(versions.error)}`] : []),
  ];
  return errors.length === 0 ? [] : [trouble("inspection_failed", errors.join("; "))];
}

/** What is wrong with the canary's own memory. @param code of the error that reading or writing it met */
export function memoryTroubles(code: string | undefined): readonly Trouble[] {
  return code === undefined ? [] : [trouble("state_unread", code, true)];
}
