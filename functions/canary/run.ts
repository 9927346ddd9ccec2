import { SPANS } from "../../contract/spans";
import { MetricBatch } from "../runtime/metric-batch";
import { conclude } from "./conclude";
import {
  driftTroubles,
  inspectionTroubles,
  markerTroubles,
  memoryTroubles,
  metricTroubles,
  requestTroubles,
  submissionTroubles,
  traceTroubles,
} from "./diagnosis";
import { emitDrift, emitTraces, emitVersions } from "./figures";
import { entryOf, statusOf } from "./judge";
import { newMarker, nextMarker } from "./marker";
import { observe } from "./observe";
import type { CanaryParts, CanaryReport } from "./parts";
import { putMetrics } from "./put-metrics";
import { newRun } from "./segments";
import { lasting, type Trouble } from "./troubles";
import { completeness, isTelling, withEntry } from "./window";

/**
 * One scheduled run: sends, asks, waits, looks, writes metrics, and tells what it found (CAN-1 to CAN-13). What fails
 * is a finding; only a mistake of ours throws.
 *
 * @param traced whether the tracer runs
 * @param remainingMs until Lambda ends the run
 */
export async function runCanary(
  parts: CanaryParts,
  traced: boolean,
  remainingMs: () => number,
): Promise<CanaryReport> {
  const { clients, clock, config, logger, state, tracer } = parts;
  const run = newRun(clock.now());
  tracer.annotate("canary_run", run.id);
  const recalled = await state.read(logger);
  const seen = await observe(parts, run, recalled.state.marker, remainingMs);
  const { submission, verdict, findings, destination, followed, marker, roles, versions } = seen;

  const seconds = Math.floor(run.startedAt / 1000);
  const entry = entryOf(submission, verdict, seconds);
  const window = withEntry(recalled.state.window, entry, seconds);
  // What the runs before have found says nothing of one that found nothing out.
  const ratio = entry === undefined ? undefined : completeness(window);
  const planes = [
    ...traceTroubles({ verdict, findings, destination }, isTelling(window) ? ratio : undefined),
    ...markerTroubles(marker),
  ];
  const requests = requestTroubles(config.environment, followed, findings, verdict);

  const metrics = new MetricBatch(config);
  const written = newMarker(clock.now());
  emitTraces(metrics, verdict, submission, ratio);
  emitDrift(metrics, config.environment, roles);
  emitVersions(metrics, versions, logger);
  metrics.emit("CanaryHealth", planes.length === 0 ? 1 : 0);
  metrics.emit("CanaryMarker", written.value);
  metrics.emit("CanaryInitFailure", traced ? 0 : 1);
  metrics.emit("CanarySubsegmentIncomplete", lasting(recalled.state.troubles, requests) ? 1 : 0);
  const refused = await tracer.traced(SPANS.emitMetrics, () =>
    putMetrics(clients.cloudWatch, metrics.take(), clock),
  );

  const found: readonly Trouble[] = [
    ...submissionTroubles(submission),
    ...planes,
    ...metricTroubles(refused),
    ...requests,
    ...driftTroubles(roles),
    ...inspectionTroubles(roles, versions),
    ...memoryTroubles(recalled.problem),
  ];
  const { lost, partial, unindexed, unreadable } = verdict;
  if (lost.length > 0) logger.warn("test traces are lost", { traces: lost });
  const requested = followed.map(({ probe }) => probe.traceId);
  const left = {
    window,
    marker: nextMarker(marker, recalled.state.marker, refused === undefined ? written : undefined),
  };
  const { alerted, troubles } = await conclude(parts, recalled, {
    runId: run.id,
    troubles: found,
    traceIds: [...lost, ...partial, ...unindexed, ...unreadable, ...requested],
    left,
  });

  const status = statusOf([...planes, ...metricTroubles(refused)]);
  tracer.annotate("canary_status", status);
  tracer.annotate("lost_count", lost.length);
  return { run: run.id, status, troubles: troubles.map(({ kind }) => kind), alerted };
}
