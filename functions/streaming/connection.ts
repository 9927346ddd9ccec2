import type { Context } from "@opentelemetry/api";
import { STREAM_SPANS } from "../../contract/spans";
import { withSpan } from "../runtime/streaming-tracing/span";
import { unavailable } from "./answer";
import { connections } from "./connections";
import { giveBack, type Lease, NoLeaseError, takeLease } from "./leases";
import { logger } from "./log";
import { settings } from "./settings";
import type { StreamMetrics } from "./stream-metrics";

/** Milliseconds a lease outlives the latest end of its stream. */
const GRACE_MS = 30_000;

/**
 * Takes the lease of a stream.
 *
 * @param until when the stream must begin to end, milliseconds since 1970
 * @throws Refusal with 503 when none is free or the table does not answer
 */
export async function acquire(inside: Context, until: number, metrics: StreamMetrics): Promise<Lease> {
  const attributes = { max_connections: settings.maxConnections };
  return withSpan(STREAM_SPANS.acquire, { attributes, essential: true }, inside, async (span) => {
    try {
      const lease = await takeLease(until + GRACE_MS);
      connections.opened();
      span.setAttributes({ connection_id: lease.id, current_count: lease.count });
      return lease;
    } catch (error) {
      metrics.emit("ConnectionAcquireFailures", 1);
      if (!(error instanceof NoLeaseError)) throw unavailable(error);
      span.setAttributes({ current_count: settings.maxConnections });
      throw unavailable(error, "No stream is free.");
    }
  });
}

/**
 * Gives a lease back; failing to do so is logged, and the lease expires by itself.
 *
 * @param open streams of all environments as last counted, this one included
 */
export async function release(
  lease: Lease,
  open: number,
  inside: Context,
  signal: AbortSignal,
): Promise<void> {
  let leftUntil: number | undefined = lease.expiresAt;
  try {
    await withSpan(STREAM_SPANS.release, { essential: true }, inside, async (span) => {
      await giveBack(lease, signal);
      leftUntil = undefined;
      span.setAttribute("current_count", Math.max(0, open - 1));
    });
  } catch (error) {
    logger.warn("lease not given back", { connection_id: lease.id }, error);
  } finally {
    connections.closed(leftUntil);
  }
}
