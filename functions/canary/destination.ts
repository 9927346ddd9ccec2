import { GetTraceSegmentDestinationCommand, type XRayClient } from "@aws-sdk/client-xray";
import type { Logger } from "../runtime/logger";
import type { TraceVerdict } from "./judge";

/** Milliseconds for an answer that explains and decides nothing. */
const ANSWER_MS = 3000;

/**
 * Asks where X-Ray puts what it takes, when traces are not where they are looked for: under Transaction Search neither
 * summaries nor BatchGetTraces may know them (CAN-13). Never throws.
 *
 * @returns `XRay` or `CloudWatchLogs`; `undefined` when nothing is amiss or nobody can tell
 */
export async function destinationOf(
  xray: XRayClient,
  { lost, unindexed, unreadable }: TraceVerdict,
  logger: Logger,
): Promise<string | undefined> {
  if (lost.length + unindexed.length + unreadable.length === 0) return undefined;
  try {
    const abortSignal = AbortSignal.timeout(ANSWER_MS);
    const { Destination } = await xray.send(new GetTraceSegmentDestinationCommand({}), { abortSignal });
    return Destination;
  } catch (error) {
    logger.warn("the destination of traces is not known", {}, error);
    return undefined;
  }
}
