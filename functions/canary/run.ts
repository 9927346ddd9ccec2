import { SPANS } from "../../contract/spans";
import { MetricBatch } from "../runtime/metric-batch";
import { tell } from "./alert";
import {
  driftTroubles,
  inspectionTroubles,
  markerTroubles,
  memoryTroubles,
  metricTroubles,
  requestTroubles,
  traceTroubles,
} from "./diagnosis";
import { emitDrift, emitTraces, emitVersions } from "./figures";
import { beat } from "./heartbeat";
import { entryOf, judgeTraces, statusOf } from "./judge";
import { checkMarker, newMarker } from "./marker";
import { observe } from "./observe";
import type { CanaryParts, CanaryReport } from "./parts";
import { putMetrics } from "./put-metrics";
import { newRun } from "./segments";
import { due, lasting, markTold, persisting, type Trouble } from "./troubles";
import { completeness, withEntry } from "./window";

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
  const heartbeat = beat(clients.backupCloudWatch, config, clock.now(), logger);
  const recalled = await state.read(logger);
  const { submission, findings, followed, roles, versions } = await observe(parts, run, remainingMs);
  const marker = await tracer.traced(SPANS.checkMetrics, () =>
    checkMarker(clients.cloudWatch, config, recalled.state.marker, clock.now()),
  );

  const verdict = judgeTraces(submission, findings);
  const seconds = Math.floor(run.startedAt / 1000);
  const window = withEntry(recalled.state.window, entryOf(submission, verdict, seconds), seconds);
  const ratio = completeness(window);
  const planes = [...traceTroubles(submission, findings, verdict, ratio), ...markerTroubles(marker)];
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

  const troubles: readonly Trouble[] = [
    ...planes,
    ...metricTroubles(refused),
    ...requests,
    ...driftTroubles(roles),
    ...inspectionTroubles(roles, versions),
    ...memoryTroubles(recalled.problem),
  ];
  const persistences = persisting(recalled.state.troubles, troubles);
  const telling = due(troubles, persistences, recalled.remembers);
  const next = { window, marker: refused === undefined ? written : undefined };
  const forgot = await state.write({ ...next, troubles: markTold(persistences, telling) }, logger);
  const all = [...telling, ...(recalled.problem === undefined ? memoryTroubles(forgot) : [])];
  const requested = followed.map(({ probe }) => probe.traceId);
  const traceIds = [...verdict.lost, ...verdict.partial, ...verdict.unreadable, ...requested];
  const alerted = await tell(parts, { runId: run.id, troubles: all, traceIds });
  if (all.length > 0 && !alerted) await state.write({ ...next, troubles: persistences }, logger);
  await heartbeat;

  const status = statusOf([...planes, ...metricTroubles(refused)]);
  tracer.annotate("canary_status", status);
  tracer.annotate("lost_count", verdict.lost.length);
  return { run: run.id, status, troubles: troubles.map(({ kind }) => kind), alerted };
}
