import { STREAM, STREAM_ROUTES } from "../contract/streaming";
import type { Connection, StreamHost } from "../lab/runtime/stream-host";
import { urlEvent } from "../lab/runtime/url-event";

/** Milliseconds a stream keeps for its end. */
const END_MS = 4500;

/** What some streams at once delivered. */
export interface Delivered {
  readonly events: number;
  /** From the first event of a step to the last. */
  readonly seconds: number;
  /** Milliseconds of every event, from the moment its step may be read to its last byte at the client. */
  readonly latencies: readonly number[];
}

/** The value below which some share of the others lie, 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function stepEvents({ prelude, end, events }: Connection) {
  if (prelude.statusCode !== 200 || end !== "streamed") {
    throw new Error(`a stream answered ${prelude.statusCode} and was ${end}`);
  }
  return events.flatMap(({ at, fields }) => {
    const [step, n] = (fields["id"] ?? "").split("-").map(Number);
    return step !== undefined && n !== undefined && n > 0 ? [{ at, step }] : [];
  });
}

/**
 * Opens streams at once for some time.
 *
 * @throws Error when one is refused or cut
 */
export async function load(host: StreamHost, streams: number, forMs: number): Promise<Delivered> {
  const event = urlEvent({ path: STREAM_ROUTES.global });
  const connections = await Promise.all(
    Array.from({ length: streams }, () => host.connect(event, { remainingMs: END_MS + forMs })),
  );
  const received = connections.flatMap(stepEvents);
  const times = received.map(({ at }) => at);
  const span =
    times.reduce((most, at) => Math.max(most, at), 0) -
    times.reduce((least, at) => Math.min(least, at), Date.now());
  return {
    events: received.length,
    seconds: span / 1000,
    latencies: received.map(({ at, step }) => at - step - STREAM.settleMs),
  };
}
