import { STREAM_SPANS } from "../../contract/spans";
import { STREAM, STREAM_ROUTES } from "../../contract/streaming";
import { below, type Probe, probe } from "./probe";
import type { ReadTrace } from "./read-trace";

const TIMEOUT_MS = 15_000;

/** What a stream records from its beginning to its end. */
const WHOLE = [STREAM_SPANS.acquire, STREAM_SPANS.release] as const;

/**
 * Follows a stream that is asked to be short, to its end: one that a client merely leaves goes on for minutes, because
 * Lambda does not tell the function. @param now milliseconds since 1970
 */
export async function requestStream(streamUrl: string, now: number): Promise<Probe> {
  const url = below(streamUrl, STREAM_ROUTES.global);
  url.searchParams.set(STREAM.longestParameter, String(STREAM.shortestMs));
  return probe(url, now, TIMEOUT_MS);
}

/**
 * What the trace of such a stream lacks: that its place was taken and given back again.
 *
 * @param trace `undefined` when X-Ray does not know it
 * @returns empty when it is whole
 */
export function streamGaps(trace: ReadTrace | undefined): readonly string[] {
  if (trace === undefined) return ["the whole trace"];
  if (trace.limitExceeded) return ["documents beyond X-Ray's limit"];
  return WHOLE.filter((span) => !trace.pieces.some(({ name, finished }) => name === span && finished));
}
