import { randomBytes } from "node:crypto";
import { PutTraceSegmentsCommand, type XRayClient } from "@aws-sdk/client-xray";
import { CANARY } from "../../contract/canary";
import type { Annotations } from "../runtime/tracing";

/** One run of the canary. */
export interface Run {
  /** Marks what belongs to it; letters, digits and a hyphen. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What became of handing over the test segments. */
export interface Submission {
  /** Ids of the traces that were sent or tried, `1-{8 hex}-{24 hex}`. */
  readonly traceIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly submittedAt: number;
  /** Error codes X-Ray gave for segments it took the call for but not the segment (SMP-6). */
  readonly unprocessed: readonly string[];
  /** Why the call itself failed. */
  readonly error?: unknown;
}

/** Begins a run. @param now milliseconds since 1970 */
export function newRun(now: number): Run {
  return { id: `${now.toString(36)}-${randomBytes(4).toString("hex")}`, startedAt: now };
}

/** A new trace id, `1-{8 hex}-{24 hex}`. @param now milliseconds since 1970 */
export function newTraceId(now: number): string {
  const seconds = Math.floor(now / 1000);
  return `1-${seconds.toString(16).padStart(8, "0")}-${randomBytes(12).toString("hex")}`;
}

/** A raw document that is a whole trace. `synthetic` is a boolean and the canary's alone (CAN-1). */
function testDocument(traceId: string, service: string, run: Run, now: number): string {
  const annotations: Annotations = { synthetic: true, canary_run: run.id };
  return JSON.stringify({
    id: randomBytes(8).toString("hex"),
    trace_id: traceId,
    name: service,
    start_time: now / 1000 - 0.001,
    end_time: now / 1000,
    annotations,
  });
}

/**
 * Sends the run's test segments past every SDK and daemon, straight to X-Ray, and looks what it did not take (CAN-1).
 * Never throws.
 *
 * @param service name the segments carry
 * @param now milliseconds since 1970
 */
export async function submitSegments(
  xray: XRayClient,
  service: string,
  run: Run,
  now: number,
): Promise<Submission> {
  const traceIds = Array.from({ length: CANARY.segmentsPerRun }, () => newTraceId(now));
  const TraceSegmentDocuments = traceIds.map((id) => testDocument(id, service, run, now));
  const submission = { traceIds, submittedAt: now };
  try {
    const { UnprocessedTraceSegments = [] } = await xray.send(
      new PutTraceSegmentsCommand({ TraceSegmentDocuments }),
    );
    return { ...submission, unprocessed: UnprocessedTraceSegments.map((one) => one.ErrorCode ?? "unknown") };
  } catch (error) {
    return { ...submission, unprocessed: [], error };
  }
}
