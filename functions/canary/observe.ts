import { SPANS } from "../../contract/spans";
import { requestApi } from "./api-check";
import { checkPermissions, type RoleFinding } from "./drift";
import { allArrived, type Followed, gapsOf } from "./judge";
import { type Findings, type Look, lookUp } from "./lookup";
import type { CanaryParts } from "./parts";
import { type Run, type Submission, submitSegments } from "./segments";
import { requestStream } from "./stream-check";
import { checkVersions, type VersionFinding } from "./version-skew";

/** All a run has seen of traces, permissions and versions. */
export interface Observed {
  readonly submission: Submission;
  readonly followed: readonly Followed[];
  readonly findings: Findings;
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
 * Sends the test segments and, while they travel, the requests to API and stream and the questions about permissions
 * and versions; then looks all traces up together. Never throws.
 */
export async function observe(parts: CanaryParts, run: Run, remainingMs: () => number): Promise<Observed> {
  const { config, region, backup, clients, tracer, clock, logger } = parts;
  const { environment, variables } = config;
  const submission = await tracer.traced(SPANS.submitSegments, () =>
    submitSegments(clients.xray, variables.POWERTOOLS_SERVICE_NAME, run, clock.now()),
  );
  const [api, stream, roles, versions] = await Promise.all([
    tracer.traced(SPANS.checkApi, () => requestApi(variables.API_URL, clock.now())),
    tracer.traced(SPANS.checkStream, () => requestStream(variables.STREAM_URL, clock.now())),
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
  const findings = await tracer.traced(SPANS.lookUpTraces, () =>
    lookUp(clients.xray, wanted, { clock, logger, remainingMs }),
  );
  return { submission, followed, findings, roles, versions };
}
