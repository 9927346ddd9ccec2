import { SPANS } from "../../contract/spans";
import { requestApi } from "./api-check";
import { destinationOf } from "./destination";
import type { Traced } from "./diagnosis";
import { checkPermissions, type RoleFinding } from "./drift";
import { allArrived, type Followed, gapsOf, judgeTraces } from "./judge";
import { type Look, lookUp } from "./lookup";
import { checkMarker, type MarkerFinding } from "./marker";
import type { CanaryParts } from "./parts";
import { type Run, type Submission, submitSegments } from "./segments";
import type { Marker } from "./state";
import { requestStream } from "./stream-check";
import { checkVersions, type VersionFinding } from "./version-skew";

/** All a run has seen of traces, metrics, permissions and versions. */
export interface Observed extends Traced {
  readonly submission: Submission;
  readonly followed: readonly Followed[];
  readonly marker: MarkerFinding;
  readonly roles: readonly RoleFinding[];
  readonly versions: VersionFinding;
}

/** Asks each role for its permissions, in a subsegment. */
export async function inspectRoles({
  clients,
  config,
  backup,
  tracer,
}: CanaryParts): Promise<readonly RoleFinding[]> {
  return tracer.traced(SPANS.checkPermissions, () =>
    checkPermissions(clients.iam, backup, config.environment),
  );
}

/**
 * Sends the test segments and, while they travel, the requests to API and stream and the questions about metrics,
 * permissions and versions; then looks all traces up together. Never throws.
 *
 * @param before the marker of the run before
 */
export async function observe(
  parts: CanaryParts,
  run: Run,
  before: Marker | undefined,
  remainingMs: () => number,
): Promise<Observed> {
  const { config, region, backup, clients, tracer, clock, logger } = parts;
  const { environment, variables } = config;
  const submission = await tracer.traced(SPANS.submitSegments, () =>
    submitSegments(clients.xray, variables.POWERTOOLS_SERVICE_NAME, run, clock.now()),
  );
  const [api, stream, marker, roles, versions] = await Promise.all([
    tracer.traced(SPANS.checkApi, () => requestApi(variables.API_URL, clock.now())),
    tracer.traced(SPANS.checkStream, () => requestStream(variables.STREAM_URL, clock.now())),
    tracer.traced(SPANS.checkMetrics, () => checkMarker(clients.cloudWatch, config, before, clock.now())),
    inspectRoles(parts),
    tracer.traced(SPANS.checkVersions, () =>
      checkVersions(clients.lambda, { ...backup, region }, environment),
    ),
  ]);
  const followed: readonly Followed[] = [
    { kind: "api_trace_incomplete", probe: api },
    { kind: "stream_trace_incomplete", probe: stream },
  ];
  const wanted = {
    run,
    submission,
    others: followed.map(({ probe }) => probe.traceId),
    satisfied: (look: Look) =>
      allArrived(submission, look) &&
      followed.every((one) => one.probe.failure !== undefined || gapsOf(environment, one, look).length === 0),
  };
  const looked = await tracer.traced(SPANS.lookUpTraces, async () => {
    const findings = await lookUp(clients.xray, wanted, { clock, logger, remainingMs });
    const verdict = judgeTraces(submission, findings);
    return { findings, verdict, destination: await destinationOf(clients.xray, verdict, logger) };
  });
  return { submission, followed, marker, roles, versions, ...looked };
}
